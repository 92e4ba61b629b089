CREATE TABLE `light_rules` (
	`organization_id` text NOT NULL,
	`revision` integer NOT NULL,
	`yellow_behind_hundredths` integer NOT NULL,
	`red_behind_hundredths` integer NOT NULL,
	`cadence` text,
	`silent_after_days` integer,
	`reason` text,
	`withdrawn` integer NOT NULL,
	`recorded_at` text NOT NULL,
	`recorded_by` text NOT NULL,
	`superseded_at` text,
	PRIMARY KEY(`organization_id`, `revision`),
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "light_rules_cadence_values" CHECK("cadence" in ('daily', 'weekly', 'monthly', 'quarterly', 'halfYearly', 'yearly', 'none'))
);
--> statement-breakpoint
CREATE TABLE `milestones` (
	`project_id` text NOT NULL,
	`id` text NOT NULL,
	`revision` integer NOT NULL,
	`title` text NOT NULL,
	`type` text,
	`code` text,
	`description` text,
	`due_date` text,
	`due_order` text NOT NULL,
	`first_due_date` text,
	`status` text NOT NULL,
	`date_met` text,
	`met_by` text,
	`closed_on` text,
	`days_gained` integer,
	`weight_scaled` integer,
	`value_minor` integer,
	`value_currency` text,
	`reason` text,
	`created_at` text NOT NULL,
	`archived_at` text,
	`recorded_at` text NOT NULL,
	`recorded_by` text NOT NULL,
	`superseded_at` text,
	PRIMARY KEY(`project_id`, `id`, `revision`),
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "milestones_type_values" CHECK("type" in ('preProcurement', 'approval', 'engagement', 'assessment', 'delivery', 'reporting', 'financing', 'payment', 'procurement', 'contractClose')),
	CONSTRAINT "milestones_status_values" CHECK("status" in ('scheduled', 'met', 'notMet', 'partiallyMet')),
	CONSTRAINT "milestones_value_whole" CHECK(("milestones"."value_minor" is null) = ("milestones"."value_currency" is null)),
	CONSTRAINT "milestones_met_by" CHECK(("milestones"."met_by" is null) = ("milestones"."status" in ('scheduled', 'notMet')))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `milestones_current` ON `milestones` (`project_id`,`id`) WHERE superseded_at is null;--> statement-breakpoint
CREATE INDEX `milestones_due` ON `milestones` (`closed_on`,`first_due_date`,`project_id`,`id`) WHERE superseded_at is null and archived_at is null;--> statement-breakpoint
CREATE INDEX `milestones_put_off` ON `milestones` (`closed_on`,`days_gained`,`project_id`,`id`) WHERE superseded_at is null and archived_at is null;--> statement-breakpoint
CREATE TABLE `organization_places` (
	`organization_id` text NOT NULL,
	`revision` integer NOT NULL,
	`parent_id` text,
	`known_from` text NOT NULL,
	`known_until` text,
	PRIMARY KEY(`organization_id`, `revision`),
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `plans` (
	`project_id` text NOT NULL,
	`revision` integer NOT NULL,
	`points` text NOT NULL,
	`note` text,
	`reason` text,
	`withdrawn` integer NOT NULL,
	`recorded_at` text NOT NULL,
	`recorded_by` text NOT NULL,
	`superseded_at` text,
	PRIMARY KEY(`project_id`, `revision`),
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `project_baselines` (
	`project_id` text PRIMARY KEY NOT NULL,
	`basis` text,
	`curve` text,
	`is_assumed` integer NOT NULL,
	`coverage_fine` integer NOT NULL,
	`own_points` text,
	`own_revision` integer,
	`sums` text,
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "project_baselines_basis_values" CHECK("basis" in ('plan', 'period', 'children'))
);
--> statement-breakpoint
PRAGMA foreign_keys=OFF;--> statement-breakpoint
CREATE TABLE `__new_changes` (
	`sequence` integer PRIMARY KEY NOT NULL,
	`at` text NOT NULL,
	`actor_token_id` text,
	`actor_name` text NOT NULL,
	`action` text NOT NULL,
	`subject_type` text NOT NULL,
	`subject_id` text NOT NULL,
	`organization_id` text,
	`reason` text,
	`revision` integer,
	`before` text,
	`after` text,
	CONSTRAINT "changes_action_values" CHECK("action" in ('created', 'replaced', 'corrected', 'withdrawn', 'archived', 'restored', 'revoked')),
	CONSTRAINT "changes_subject_type_values" CHECK("subject_type" in ('organization', 'project', 'status', 'report', 'plan', 'milestone', 'lightRules', 'token'))
);
--> statement-breakpoint
INSERT INTO `__new_changes`("sequence", "at", "actor_token_id", "actor_name", "action", "subject_type", "subject_id", "organization_id", "reason", "before", "after") SELECT "sequence", "at", "actor_token_id", "actor_name", "action", "subject_type", "subject_id", "organization_id", "reason", "before", "after" FROM `changes`;--> statement-breakpoint
DROP TABLE `changes`;--> statement-breakpoint
ALTER TABLE `__new_changes` RENAME TO `changes`;--> statement-breakpoint
PRAGMA foreign_keys=ON;--> statement-breakpoint
CREATE INDEX `changes_subject` ON `changes` (`subject_type`,`subject_id`,`sequence`) WHERE subject_type <> 'report';--> statement-breakpoint
CREATE INDEX `changes_type` ON `changes` (`subject_type`,`sequence`) WHERE subject_type <> 'report';--> statement-breakpoint
CREATE INDEX `changes_at` ON `changes` (`at`);--> statement-breakpoint
CREATE INDEX `changes_organization` ON `changes` (`organization_id`,`sequence`);--> statement-breakpoint
ALTER TABLE `project_revisions` ADD `organization_id` text;--> statement-breakpoint
ALTER TABLE `project_revisions` ADD `cadence` text;--> statement-breakpoint
ALTER TABLE `project_revisions` ADD `start_date` text;--> statement-breakpoint
ALTER TABLE `project_revisions` ADD `end_date` text;--> statement-breakpoint
ALTER TABLE `project_standings` ADD `own_done_since` text;--> statement-breakpoint
ALTER TABLE `project_standings` ADD `recent` text;--> statement-breakpoint
ALTER TABLE `project_standings` ADD `spent_minor` integer;--> statement-breakpoint
ALTER TABLE `project_standings` ADD `spent_currency` text;--> statement-breakpoint
ALTER TABLE `project_standings` ADD `spent_as_of` text;--> statement-breakpoint
ALTER TABLE `project_standings` ADD `milestones` text;--> statement-breakpoint
ALTER TABLE `project_standings` ADD `finished_on` text;--> statement-breakpoint
ALTER TABLE `project_standings` ADD `newest_child_finished_on` text;--> statement-breakpoint
ALTER TABLE `project_standings` ADD `yellow_behind_hundredths` integer DEFAULT 1000 NOT NULL;--> statement-breakpoint
ALTER TABLE `project_standings` ADD `red_behind_hundredths` integer DEFAULT 3000 NOT NULL;--> statement-breakpoint
ALTER TABLE `project_standings` ADD `silent_after_days` integer DEFAULT 38;--> statement-breakpoint
ALTER TABLE `project_standings` ADD `is_compared` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `project_standings` ADD `yellow_from` text;--> statement-breakpoint
ALTER TABLE `project_standings` ADD `red_from` text;--> statement-breakpoint
ALTER TABLE `project_standings` ADD `grey_from` text;--> statement-breakpoint
ALTER TABLE `projects` ADD `cadence` text;--> statement-breakpoint
CREATE INDEX `projects_kind` ON `projects` (`kind`,`organization_id`,`archived_at`,`id`);--> statement-breakpoint
-- Written by hand: what the record says of each revision's period, which the revisions did not keep until now.
UPDATE `project_revisions` SET (`start_date`, `end_date`) = (
	SELECT json_extract(`after`, '$.period.startDate'), json_extract(`after`, '$.period.endDate') FROM `changes`
	WHERE `subject_type` = 'project' AND `subject_type` <> 'report' AND `subject_id` = `project_id`
		AND json_extract(`after`, '$.revision') = `project_revisions`.`revision` LIMIT 1
);
--> statement-breakpoint
-- Written by hand: where everything is now. Until now there were no light rules, so where it was before decides nothing.
UPDATE `project_revisions` SET `organization_id` = (
	SELECT `organization_id` FROM `projects` WHERE `projects`.`id` = `project_revisions`.`project_id`
);
--> statement-breakpoint
INSERT INTO `organization_places` (`organization_id`, `revision`, `parent_id`, `known_from`)
	SELECT `id`, `revision`, `parent_id`, `created_at` FROM `organizations`;
--> statement-breakpoint
-- Written by hand: who is silent by the rules that hold where nobody has set any.
UPDATE `project_standings` SET `grey_from` = CASE WHEN `said_as_of` IS NULL THEN '0001-01-01' ELSE date(`said_as_of`, '+39 days') END
	WHERE `low_fine` < 10000000000 AND `project_id` IN (
		SELECT `id` FROM `projects` WHERE `status` IN ('identification', 'preparation', 'implementation')
	);
