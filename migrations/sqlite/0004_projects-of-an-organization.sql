DROP INDEX `projects_organization`;--> statement-breakpoint
CREATE INDEX `projects_organization` ON `projects` (`organization_id`,`archived_at`,`id`);