CREATE TABLE `changes` (
	`sequence` integer PRIMARY KEY NOT NULL,
	`at` text NOT NULL,
	`actor_token_id` text,
	`actor_name` text NOT NULL,
	`action` text NOT NULL,
	`subject_type` text NOT NULL,
	`subject_id` text NOT NULL,
	`organization_id` text,
	`reason` text,
	`before` text,
	`after` text,
	CONSTRAINT "changes_action_values" CHECK("action" in ('created', 'replaced', 'corrected', 'withdrawn', 'archived', 'restored', 'revoked')),
	CONSTRAINT "changes_subject_type_values" CHECK("subject_type" in ('organization', 'project', 'status', 'report', 'token'))
);
--> statement-breakpoint
CREATE INDEX `changes_subject` ON `changes` (`subject_type`,`subject_id`,`sequence`) WHERE subject_type <> 'report';--> statement-breakpoint
CREATE INDEX `changes_type` ON `changes` (`subject_type`,`sequence`) WHERE subject_type <> 'report';--> statement-breakpoint
CREATE INDEX `changes_at` ON `changes` (`at`);--> statement-breakpoint
CREATE INDEX `changes_organization` ON `changes` (`organization_id`,`sequence`);--> statement-breakpoint
CREATE TABLE `idempotency_keys` (
	`token_id` text NOT NULL,
	`key` text NOT NULL,
	`fingerprint` text NOT NULL,
	`status` integer NOT NULL,
	`location` text,
	`verdict` text,
	`body` text NOT NULL,
	`created_at` text NOT NULL,
	PRIMARY KEY(`token_id`, `key`)
);
--> statement-breakpoint
CREATE INDEX `idempotency_keys_created_at` ON `idempotency_keys` (`created_at`);--> statement-breakpoint
CREATE TABLE `organization_tree` (
	`ancestor_id` text NOT NULL,
	`descendant_id` text NOT NULL,
	`depth` integer NOT NULL,
	PRIMARY KEY(`ancestor_id`, `descendant_id`)
);
--> statement-breakpoint
CREATE INDEX `organization_tree_descendant` ON `organization_tree` (`descendant_id`,`depth`);--> statement-breakpoint
CREATE TABLE `organizations` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`translations` text NOT NULL,
	`kind` text NOT NULL,
	`parent_id` text,
	`description` text,
	`search_text` text NOT NULL,
	`revision` integer NOT NULL,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`archived_at` text,
	FOREIGN KEY (`parent_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "organizations_kind_values" CHECK("kind" in ('authority', 'community', 'company', 'other'))
);
--> statement-breakpoint
CREATE INDEX `organizations_parent` ON `organizations` (`parent_id`);--> statement-breakpoint
CREATE INDEX `organizations_name` ON `organizations` (`name`,`id`);--> statement-breakpoint
CREATE INDEX `organizations_created_at` ON `organizations` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `organizations_updated_at` ON `organizations` (`updated_at`,`id`);--> statement-breakpoint
CREATE TABLE `project_revisions` (
	`project_id` text NOT NULL,
	`revision` integer NOT NULL,
	`parent_id` text,
	`is_archived` integer NOT NULL,
	`budget_minor` integer,
	`budget_currency` text,
	`quantities` text NOT NULL,
	`weight_scaled` integer,
	`weight_basis` text NOT NULL,
	`progress_basis` text NOT NULL,
	`known_from` text NOT NULL,
	`known_until` text,
	PRIMARY KEY(`project_id`, `revision`),
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "project_revisions_progress_basis_values" CHECK("progress_basis" in ('auto', 'report', 'children', 'milestones', 'quantities'))
);
--> statement-breakpoint
CREATE INDEX `project_revisions_parent` ON `project_revisions` (`parent_id`,`known_until`);--> statement-breakpoint
CREATE TABLE `project_searches` (
	`sequence` integer PRIMARY KEY NOT NULL,
	`subject_id` text NOT NULL,
	`terms` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `project_searches_subject` ON `project_searches` (`subject_id`);--> statement-breakpoint
CREATE TABLE `project_standings` (
	`project_id` text PRIMARY KEY NOT NULL,
	`parent_id` text,
	`counts` integer NOT NULL,
	`own_percent_hundredths` integer,
	`own_qualifier` text,
	`own_stated` text,
	`own_as_of` text,
	`own_revision` integer,
	`done` text,
	`sums` text,
	`percent_fine` integer,
	`low_fine` integer NOT NULL,
	`high_fine` integer NOT NULL,
	`is_approximate` integer NOT NULL,
	`coverage_fine` integer NOT NULL,
	`basis` text,
	`as_of` text,
	`newest_child_as_of` text,
	`own_said_as_of` text,
	`newest_child_said_as_of` text,
	`said_as_of` text,
	`is_unweighted` integer NOT NULL,
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "project_standings_own_qualifier_values" CHECK("own_qualifier" in ('exact', 'atLeast', 'moreThan', 'atMost', 'lessThan', 'nearly', 'about')),
	CONSTRAINT "project_standings_basis_values" CHECK("basis" in ('report', 'children', 'milestones', 'quantities'))
);
--> statement-breakpoint
CREATE INDEX `project_standings_parent` ON `project_standings` (`parent_id`,`counts`);--> statement-breakpoint
CREATE INDEX `project_standings_silent` ON `project_standings` (`parent_id`,`project_id`) WHERE as_of is null;--> statement-breakpoint
CREATE INDEX `project_standings_unweighted` ON `project_standings` (`parent_id`,`project_id`) WHERE is_unweighted;--> statement-breakpoint
CREATE TABLE `project_statuses` (
	`sequence` integer PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`as_of` text NOT NULL,
	`status` text NOT NULL,
	`reason` text,
	`recorded_by` text NOT NULL,
	`known_from` text NOT NULL,
	`known_until` text,
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "project_statuses_status_values" CHECK("status" in ('identification', 'preparation', 'implementation', 'completion', 'maintenance', 'decommissioning', 'decommissioned', 'cancelled', 'suspended'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `project_statuses_current` ON `project_statuses` (`project_id`,`as_of`) WHERE known_until is null;--> statement-breakpoint
CREATE INDEX `project_statuses_project` ON `project_statuses` (`project_id`,`as_of`);--> statement-breakpoint
CREATE TABLE `project_tags` (
	`project_id` text NOT NULL,
	`tag` text NOT NULL,
	PRIMARY KEY(`project_id`, `tag`),
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `project_tags_tag` ON `project_tags` (`tag`,`project_id`);--> statement-breakpoint
CREATE TABLE `project_tree` (
	`ancestor_id` text NOT NULL,
	`descendant_id` text NOT NULL,
	`depth` integer NOT NULL,
	PRIMARY KEY(`ancestor_id`, `descendant_id`)
);
--> statement-breakpoint
CREATE INDEX `project_tree_descendant` ON `project_tree` (`descendant_id`,`depth`);--> statement-breakpoint
CREATE TABLE `projects` (
	`id` text PRIMARY KEY NOT NULL,
	`title` text NOT NULL,
	`translations` text NOT NULL,
	`description` text,
	`kind` text NOT NULL,
	`category` text,
	`status` text NOT NULL,
	`type` text,
	`sector` text NOT NULL,
	`organization_id` text NOT NULL,
	`parent_id` text,
	`start_date` text,
	`end_date` text,
	`budget_minor` integer,
	`budget_currency` text,
	`quantities` text NOT NULL,
	`weight_scaled` integer,
	`weight_basis` text NOT NULL,
	`progress_basis` text NOT NULL,
	`tags` text NOT NULL,
	`location` text,
	`citation` text,
	`search_text` text NOT NULL,
	`revision` integer NOT NULL,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`archived_at` text,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`parent_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "projects_kind_values" CHECK("kind" in ('programme', 'project', 'component')),
	CONSTRAINT "projects_status_values" CHECK("status" in ('identification', 'preparation', 'implementation', 'completion', 'maintenance', 'decommissioning', 'decommissioned', 'cancelled', 'suspended')),
	CONSTRAINT "projects_type_values" CHECK("type" in ('construction', 'rehabilitation', 'replacement', 'expansion', 'decommissioning')),
	CONSTRAINT "projects_progress_basis_values" CHECK("progress_basis" in ('auto', 'report', 'children', 'milestones', 'quantities')),
	CONSTRAINT "projects_budget_whole" CHECK(("projects"."budget_minor" is null) = ("projects"."budget_currency" is null))
);
--> statement-breakpoint
CREATE INDEX `projects_organization` ON `projects` (`organization_id`,`id`);--> statement-breakpoint
CREATE INDEX `projects_parent` ON `projects` (`parent_id`,`id`);--> statement-breakpoint
CREATE INDEX `projects_category` ON `projects` (`category`,`id`);--> statement-breakpoint
CREATE INDEX `projects_status` ON `projects` (`status`,`id`);--> statement-breakpoint
CREATE INDEX `projects_title` ON `projects` (`title`,`id`);--> statement-breakpoint
CREATE INDEX `projects_created_at` ON `projects` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `projects_updated_at` ON `projects` (`updated_at`,`id`);--> statement-breakpoint
CREATE TABLE `reports` (
	`project_id` text NOT NULL,
	`as_of` text NOT NULL,
	`revision` integer NOT NULL,
	`percent_hundredths` integer,
	`qualifier` text NOT NULL,
	`stated` text,
	`quantities` text,
	`spent_minor` integer,
	`spent_currency` text,
	`note` text,
	`reason` text,
	`citation` text,
	`withdrawn` integer NOT NULL,
	`recorded_at` text NOT NULL,
	`recorded_by` text NOT NULL,
	`superseded_at` text,
	PRIMARY KEY(`project_id`, `as_of`, `revision`),
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "reports_qualifier_values" CHECK("qualifier" in ('exact', 'atLeast', 'moreThan', 'atMost', 'lessThan', 'nearly', 'about')),
	CONSTRAINT "reports_percent" CHECK("reports"."percent_hundredths" between 0 and 10000),
	CONSTRAINT "reports_spent_whole" CHECK(("reports"."spent_minor" is null) = ("reports"."spent_currency" is null))
);
--> statement-breakpoint
CREATE TABLE `tokens` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`scopes` text NOT NULL,
	`organization_id` text,
	`secret_hash` text NOT NULL,
	`expires_at` text,
	`created_at` text NOT NULL,
	`created_by` text NOT NULL,
	`last_used_at` text,
	`revoked_at` text,
	`revision` integer NOT NULL,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `tokens_secret_hash` ON `tokens` (`secret_hash`);--> statement-breakpoint
CREATE INDEX `tokens_organization` ON `tokens` (`organization_id`);