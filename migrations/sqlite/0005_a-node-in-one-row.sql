PRAGMA foreign_keys=OFF;--> statement-breakpoint
CREATE TABLE `__new_project_baselines` (
	`project_id` text PRIMARY KEY NOT NULL,
	`own_points` text,
	`own_revision` integer,
	`sums` text,
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
INSERT INTO `__new_project_baselines`("project_id", "own_points", "own_revision", "sums") SELECT "project_id", "own_points", "own_revision", "sums" FROM `project_baselines`;--> statement-breakpoint
DROP TABLE `project_baselines`;--> statement-breakpoint
ALTER TABLE `__new_project_baselines` RENAME TO `project_baselines`;--> statement-breakpoint
PRAGMA foreign_keys=ON;--> statement-breakpoint
ALTER TABLE `project_standings` ADD `archived_at` text;--> statement-breakpoint
ALTER TABLE `project_standings` ADD `start_date` text;--> statement-breakpoint
ALTER TABLE `project_standings` ADD `end_date` text;--> statement-breakpoint
ALTER TABLE `project_standings` ADD `budget_minor` integer;--> statement-breakpoint
ALTER TABLE `project_standings` ADD `budget_currency` text;--> statement-breakpoint
ALTER TABLE `project_standings` ADD `quantities` text;--> statement-breakpoint
ALTER TABLE `project_standings` ADD `weight_scaled` integer;--> statement-breakpoint
ALTER TABLE `project_standings` ADD `weight_basis` text DEFAULT 'equal' NOT NULL;--> statement-breakpoint
ALTER TABLE `project_standings` ADD `progress_basis` text DEFAULT 'auto' NOT NULL;--> statement-breakpoint
ALTER TABLE `project_standings` ADD `cadence` text;--> statement-breakpoint
ALTER TABLE `project_standings` ADD `baseline_basis` text;--> statement-breakpoint
ALTER TABLE `project_standings` ADD `curve` text;--> statement-breakpoint
ALTER TABLE `project_standings` ADD `is_assumed` integer;--> statement-breakpoint
ALTER TABLE `project_standings` ADD `baseline_coverage_fine` integer;--> statement-breakpoint
ALTER TABLE `project_standings` ADD `plan_revision` integer;