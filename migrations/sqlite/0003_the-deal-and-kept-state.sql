CREATE TABLE `agreement_amendments` (
	`project_id` text NOT NULL,
	`agreement_id` text NOT NULL,
	`as_of` text NOT NULL,
	`revision` integer NOT NULL,
	`rationale` text NOT NULL,
	`scope` text,
	`effective_on` text,
	`ends_on` text,
	`value_minor` integer,
	`value_currency` text,
	`value_qualifier` text,
	`value_stated` text,
	`document_url` text,
	`reason` text,
	`citation` text,
	`withdrawn` integer NOT NULL,
	`recorded_at` text NOT NULL,
	`recorded_by` text NOT NULL,
	`superseded_at` text,
	PRIMARY KEY(`project_id`, `agreement_id`, `as_of`, `revision`),
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "agreement_amendments_value_qualifier_values" CHECK("value_qualifier" in ('exact', 'atLeast', 'moreThan', 'atMost', 'lessThan', 'nearly', 'about')),
	CONSTRAINT "agreement_amendments_value_whole" CHECK(("agreement_amendments"."value_minor" is null) = ("agreement_amendments"."value_currency" is null))
);
--> statement-breakpoint
CREATE TABLE `agreements` (
	`project_id` text NOT NULL,
	`id` text NOT NULL,
	`revision` integer NOT NULL,
	`type` text NOT NULL,
	`title` text NOT NULL,
	`signed_on` text,
	`signed_by_day` text NOT NULL,
	`effective_on` text,
	`ends_on` text,
	`party_ids` text NOT NULL,
	`value_minor` integer,
	`value_currency` text,
	`value_qualifier` text,
	`value_stated` text,
	`document_url` text,
	`note` text,
	`citation` text,
	`reason` text,
	`created_at` text NOT NULL,
	`archived_at` text,
	`recorded_at` text NOT NULL,
	`recorded_by` text NOT NULL,
	`superseded_at` text,
	PRIMARY KEY(`project_id`, `id`, `revision`),
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "agreements_type_values" CHECK("type" in ('framework', 'investment', 'construction', 'lease', 'other')),
	CONSTRAINT "agreements_value_qualifier_values" CHECK("value_qualifier" in ('exact', 'atLeast', 'moreThan', 'atMost', 'lessThan', 'nearly', 'about')),
	CONSTRAINT "agreements_value_whole" CHECK(("agreements"."value_minor" is null) = ("agreements"."value_currency" is null))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `agreements_current` ON `agreements` (`project_id`,`id`) WHERE superseded_at is null;--> statement-breakpoint
CREATE TABLE `funding` (
	`project_id` text NOT NULL,
	`id` text NOT NULL,
	`revision` integer NOT NULL,
	`title` text NOT NULL,
	`purpose` text,
	`currency` text NOT NULL,
	`source_organization_id` text,
	`source_name` text,
	`note` text,
	`citation` text,
	`reason` text,
	`created_at` text NOT NULL,
	`archived_at` text,
	`recorded_at` text NOT NULL,
	`recorded_by` text NOT NULL,
	`superseded_at` text,
	PRIMARY KEY(`project_id`, `id`, `revision`),
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`source_organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "funding_one_source" CHECK("funding"."source_organization_id" is null or "funding"."source_name" is null)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `funding_current` ON `funding` (`project_id`,`id`) WHERE superseded_at is null;--> statement-breakpoint
CREATE INDEX `funding_source` ON `funding` (`source_organization_id`) WHERE source_organization_id is not null;--> statement-breakpoint
CREATE TABLE `funding_amounts` (
	`project_id` text NOT NULL,
	`funding_id` text NOT NULL,
	`status` text NOT NULL,
	`as_of` text NOT NULL,
	`revision` integer NOT NULL,
	`since` text,
	`amount_minor` integer,
	`qualifier` text NOT NULL,
	`stated` text,
	`note` text,
	`reason` text,
	`citation` text,
	`withdrawn` integer NOT NULL,
	`recorded_at` text NOT NULL,
	`recorded_by` text NOT NULL,
	`superseded_at` text,
	PRIMARY KEY(`project_id`, `funding_id`, `status`, `as_of`, `revision`),
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "funding_amounts_status_values" CHECK("status" in ('sought', 'committed', 'arrived', 'withdrawn')),
	CONSTRAINT "funding_amounts_qualifier_values" CHECK("qualifier" in ('exact', 'atLeast', 'moreThan', 'atMost', 'lessThan', 'nearly', 'about')),
	CONSTRAINT "funding_amounts_since" CHECK("funding_amounts"."since" is null or "funding_amounts"."since" <= "funding_amounts"."as_of"),
	CONSTRAINT "funding_amounts_amount" CHECK("funding_amounts"."amount_minor" is null or "funding_amounts"."amount_minor" >= 0)
);
--> statement-breakpoint
CREATE TABLE `kept_state` (
	`part` text PRIMARY KEY NOT NULL,
	`counting` integer NOT NULL,
	`counted_up_to` text,
	`counted_at` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `parties` (
	`project_id` text NOT NULL,
	`id` text NOT NULL,
	`revision` integer NOT NULL,
	`organization_id` text,
	`name` text,
	`role` text NOT NULL,
	`split_from` text,
	`split_on` text,
	`note` text,
	`citation` text,
	`reason` text,
	`created_at` text NOT NULL,
	`archived_at` text,
	`recorded_at` text NOT NULL,
	`recorded_by` text NOT NULL,
	`superseded_at` text,
	PRIMARY KEY(`project_id`, `id`, `revision`),
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "parties_role_values" CHECK("role" in ('interestedParty', 'supplier', 'tenderer', 'funder', 'buyer', 'procuringEntity', 'payer', 'payee', 'publicAuthority', 'administrativeEntity', 'reviewBody', 'independentMonitor')),
	CONSTRAINT "parties_named_once" CHECK("parties"."organization_id" is null or "parties"."name" is null),
	CONSTRAINT "parties_split_whole" CHECK(("parties"."split_from" is null) = ("parties"."split_on" is null))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `parties_current` ON `parties` (`project_id`,`id`) WHERE superseded_at is null;--> statement-breakpoint
CREATE INDEX `parties_organization` ON `parties` (`organization_id`) WHERE organization_id is not null;--> statement-breakpoint
CREATE TABLE `party_stages` (
	`project_id` text NOT NULL,
	`party_id` text NOT NULL,
	`as_of` text NOT NULL,
	`revision` integer NOT NULL,
	`stage` text NOT NULL,
	`since` text,
	`count` integer,
	`note` text,
	`reason` text,
	`citation` text,
	`withdrawn` integer NOT NULL,
	`recorded_at` text NOT NULL,
	`recorded_by` text NOT NULL,
	`superseded_at` text,
	PRIMARY KEY(`project_id`, `party_id`, `as_of`, `revision`),
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "party_stages_stage_values" CHECK("stage" in ('lead', 'inTalks', 'frameworkSigned', 'contractSigned', 'funded', 'started', 'operating', 'lapsed')),
	CONSTRAINT "party_stages_since" CHECK("party_stages"."since" is null or "party_stages"."since" <= "party_stages"."as_of"),
	CONSTRAINT "party_stages_count" CHECK("party_stages"."count" is null or "party_stages"."count" >= 1)
);
--> statement-breakpoint
CREATE TABLE `deal_stages` (
	`project_id` text NOT NULL,
	`as_of` text NOT NULL,
	`revision` integer NOT NULL,
	`stage` text NOT NULL,
	`since` text,
	`reason` text,
	`note` text,
	`citation` text,
	`withdrawn` integer NOT NULL,
	`recorded_at` text NOT NULL,
	`recorded_by` text NOT NULL,
	`superseded_at` text,
	PRIMARY KEY(`project_id`, `as_of`, `revision`),
	FOREIGN KEY (`project_id`) REFERENCES `projects`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "deal_stages_stage_values" CHECK("stage" in ('lead', 'inTalks', 'frameworkSigned', 'contractSigned', 'funded', 'started', 'operating', 'lapsed')),
	CONSTRAINT "deal_stages_since" CHECK("deal_stages"."since" is null or "deal_stages"."since" <= "deal_stages"."as_of")
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
	CONSTRAINT "changes_subject_type_values" CHECK("subject_type" in ('organization', 'project', 'status', 'report', 'plan', 'milestone', 'party', 'partyStage', 'agreement', 'amendment', 'funding', 'fundingAmount', 'dealStage', 'lightRules', 'token'))
);
--> statement-breakpoint
INSERT INTO `__new_changes`("sequence", "at", "actor_token_id", "actor_name", "action", "subject_type", "subject_id", "organization_id", "reason", "revision", "before", "after") SELECT "sequence", "at", "actor_token_id", "actor_name", "action", "subject_type", "subject_id", "organization_id", "reason", "revision", "before", "after" FROM `changes`;--> statement-breakpoint
DROP TABLE `changes`;--> statement-breakpoint
ALTER TABLE `__new_changes` RENAME TO `changes`;--> statement-breakpoint
PRAGMA foreign_keys=ON;--> statement-breakpoint
CREATE INDEX `changes_subject` ON `changes` (`subject_type`,`subject_id`,`sequence`) WHERE subject_type <> 'report';--> statement-breakpoint
CREATE INDEX `changes_type` ON `changes` (`subject_type`,`sequence`) WHERE subject_type <> 'report';--> statement-breakpoint
CREATE INDEX `changes_at` ON `changes` (`at`);--> statement-breakpoint
CREATE INDEX `changes_organization` ON `changes` (`organization_id`,`sequence`);--> statement-breakpoint
ALTER TABLE `project_standings` ADD `kind` text DEFAULT 'project' NOT NULL;--> statement-breakpoint
ALTER TABLE `project_standings` ADD `organization_id` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `project_standings` ADD `status` text DEFAULT 'identification' NOT NULL;--> statement-breakpoint
ALTER TABLE `project_standings` ADD `is_archived` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `project_standings` ADD `newest_report_as_of` text;--> statement-breakpoint
CREATE INDEX `project_standings_summed` ON `project_standings` (`kind`,`organization_id`,`is_archived`,`status`,`project_id`);