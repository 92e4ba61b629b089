-- Written by hand: drizzle-kit knows no virtual tables and no triggers. A term is whatever stands between two spaces.
CREATE VIRTUAL TABLE `project_searches_index` USING fts5(
	`terms`,
	content = 'project_searches',
	content_rowid = 'sequence',
	detail = none,
	prefix = '2 3',
	tokenize = "unicode61 remove_diacritics 0 categories 'L* M* N* P* S* C*'"
);
--> statement-breakpoint
CREATE TRIGGER `project_searches_inserted` AFTER INSERT ON `project_searches` BEGIN
	INSERT INTO `project_searches_index` (rowid, `terms`) VALUES (new.`sequence`, new.`terms`);
END;
--> statement-breakpoint
CREATE TRIGGER `project_searches_updated` AFTER UPDATE OF `terms` ON `project_searches` BEGIN
	INSERT INTO `project_searches_index` (`project_searches_index`, rowid, `terms`) VALUES ('delete', old.`sequence`, old.`terms`);
	INSERT INTO `project_searches_index` (rowid, `terms`) VALUES (new.`sequence`, new.`terms`);
END;
