CREATE TABLE "light_rules" (
	"organization_id" text collate "C" NOT NULL,
	"revision" bigint NOT NULL,
	"yellow_behind_hundredths" bigint NOT NULL,
	"red_behind_hundredths" bigint NOT NULL,
	"cadence" text collate "C",
	"silent_after_days" bigint,
	"reason" text collate "C",
	"withdrawn" boolean NOT NULL,
	"recorded_at" text collate "C" NOT NULL,
	"recorded_by" text collate "C" NOT NULL,
	"superseded_at" text collate "C",
	CONSTRAINT "light_rules_organization_id_revision_pk" PRIMARY KEY("organization_id","revision"),
	CONSTRAINT "light_rules_cadence_values" CHECK ("cadence" in ('daily', 'weekly', 'monthly', 'quarterly', 'halfYearly', 'yearly', 'none'))
);
--> statement-breakpoint
CREATE TABLE "milestones" (
	"project_id" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"revision" bigint NOT NULL,
	"title" text collate "C" NOT NULL,
	"type" text collate "C",
	"code" text collate "C",
	"description" text collate "C",
	"due_date" text collate "C",
	"due_order" text collate "C" NOT NULL,
	"first_due_date" text collate "C",
	"status" text collate "C" NOT NULL,
	"date_met" text collate "C",
	"met_by" text collate "C",
	"closed_on" text collate "C",
	"days_gained" bigint,
	"weight_scaled" bigint,
	"value_minor" bigint,
	"value_currency" text collate "C",
	"reason" text collate "C",
	"created_at" text collate "C" NOT NULL,
	"archived_at" text collate "C",
	"recorded_at" text collate "C" NOT NULL,
	"recorded_by" text collate "C" NOT NULL,
	"superseded_at" text collate "C",
	CONSTRAINT "milestones_project_id_id_revision_pk" PRIMARY KEY("project_id","id","revision"),
	CONSTRAINT "milestones_type_values" CHECK ("type" in ('preProcurement', 'approval', 'engagement', 'assessment', 'delivery', 'reporting', 'financing', 'payment', 'procurement', 'contractClose')),
	CONSTRAINT "milestones_status_values" CHECK ("status" in ('scheduled', 'met', 'notMet', 'partiallyMet')),
	CONSTRAINT "milestones_value_whole" CHECK (("milestones"."value_minor" is null) = ("milestones"."value_currency" is null)),
	CONSTRAINT "milestones_met_by" CHECK (("milestones"."met_by" is null) = ("milestones"."status" in ('scheduled', 'notMet')))
);
--> statement-breakpoint
CREATE TABLE "organization_places" (
	"organization_id" text collate "C" NOT NULL,
	"revision" bigint NOT NULL,
	"parent_id" text collate "C",
	"known_from" text collate "C" NOT NULL,
	"known_until" text collate "C",
	CONSTRAINT "organization_places_organization_id_revision_pk" PRIMARY KEY("organization_id","revision")
);
--> statement-breakpoint
CREATE TABLE "plans" (
	"project_id" text collate "C" NOT NULL,
	"revision" bigint NOT NULL,
	"points" text collate "C" NOT NULL,
	"note" text collate "C",
	"reason" text collate "C",
	"withdrawn" boolean NOT NULL,
	"recorded_at" text collate "C" NOT NULL,
	"recorded_by" text collate "C" NOT NULL,
	"superseded_at" text collate "C",
	CONSTRAINT "plans_project_id_revision_pk" PRIMARY KEY("project_id","revision")
);
--> statement-breakpoint
CREATE TABLE "project_baselines" (
	"project_id" text collate "C" PRIMARY KEY NOT NULL,
	"basis" text collate "C",
	"curve" text collate "C",
	"is_assumed" boolean NOT NULL,
	"coverage_fine" bigint NOT NULL,
	"own_points" text collate "C",
	"own_revision" bigint,
	"sums" text collate "C",
	CONSTRAINT "project_baselines_basis_values" CHECK ("basis" in ('plan', 'period', 'children'))
);
--> statement-breakpoint
ALTER TABLE "changes" DROP CONSTRAINT "changes_subject_type_values";--> statement-breakpoint
ALTER TABLE "changes" ADD COLUMN "revision" bigint;--> statement-breakpoint
ALTER TABLE "project_revisions" ADD COLUMN "organization_id" text collate "C";--> statement-breakpoint
ALTER TABLE "project_revisions" ADD COLUMN "cadence" text collate "C";--> statement-breakpoint
ALTER TABLE "project_revisions" ADD COLUMN "start_date" text collate "C";--> statement-breakpoint
ALTER TABLE "project_revisions" ADD COLUMN "end_date" text collate "C";--> statement-breakpoint
ALTER TABLE "project_standings" ADD COLUMN "own_done_since" text collate "C";--> statement-breakpoint
ALTER TABLE "project_standings" ADD COLUMN "recent" text collate "C";--> statement-breakpoint
ALTER TABLE "project_standings" ADD COLUMN "spent_minor" bigint;--> statement-breakpoint
ALTER TABLE "project_standings" ADD COLUMN "spent_currency" text collate "C";--> statement-breakpoint
ALTER TABLE "project_standings" ADD COLUMN "spent_as_of" text collate "C";--> statement-breakpoint
ALTER TABLE "project_standings" ADD COLUMN "milestones" text collate "C";--> statement-breakpoint
ALTER TABLE "project_standings" ADD COLUMN "finished_on" text collate "C";--> statement-breakpoint
ALTER TABLE "project_standings" ADD COLUMN "newest_child_finished_on" text collate "C";--> statement-breakpoint
ALTER TABLE "project_standings" ADD COLUMN "yellow_behind_hundredths" bigint DEFAULT 1000 NOT NULL;--> statement-breakpoint
ALTER TABLE "project_standings" ADD COLUMN "red_behind_hundredths" bigint DEFAULT 3000 NOT NULL;--> statement-breakpoint
ALTER TABLE "project_standings" ADD COLUMN "silent_after_days" bigint DEFAULT 38;--> statement-breakpoint
ALTER TABLE "project_standings" ADD COLUMN "is_compared" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "project_standings" ADD COLUMN "yellow_from" text collate "C";--> statement-breakpoint
ALTER TABLE "project_standings" ADD COLUMN "red_from" text collate "C";--> statement-breakpoint
ALTER TABLE "project_standings" ADD COLUMN "grey_from" text collate "C";--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "cadence" text collate "C";--> statement-breakpoint
ALTER TABLE "light_rules" ADD CONSTRAINT "light_rules_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "milestones" ADD CONSTRAINT "milestones_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "organization_places" ADD CONSTRAINT "organization_places_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plans" ADD CONSTRAINT "plans_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "project_baselines" ADD CONSTRAINT "project_baselines_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "milestones_current" ON "milestones" USING btree ("project_id","id") WHERE superseded_at is null;--> statement-breakpoint
CREATE INDEX "milestones_due" ON "milestones" USING btree ("closed_on","first_due_date","project_id","id") WHERE superseded_at is null and archived_at is null;--> statement-breakpoint
CREATE INDEX "milestones_put_off" ON "milestones" USING btree ("closed_on","days_gained","project_id","id") WHERE superseded_at is null and archived_at is null;--> statement-breakpoint
CREATE INDEX "projects_kind" ON "projects" USING btree ("kind","organization_id","archived_at","id");--> statement-breakpoint
ALTER TABLE "changes" ADD CONSTRAINT "changes_subject_type_values" CHECK ("subject_type" in ('organization', 'project', 'status', 'report', 'plan', 'milestone', 'lightRules', 'token'));--> statement-breakpoint
-- Written by hand: what the record says of each revision's period, which the revisions did not keep until now.
UPDATE "project_revisions" SET ("start_date", "end_date") = (
	SELECT "after"::json -> 'period' ->> 'startDate', "after"::json -> 'period' ->> 'endDate' FROM "changes"
	WHERE "subject_type" = 'project' AND "subject_type" <> 'report' AND "subject_id" = "project_id"
		AND ("after"::json ->> 'revision')::bigint = "project_revisions"."revision" LIMIT 1
);
--> statement-breakpoint
-- Written by hand: where everything is now. Until now there were no light rules, so where it was before decides nothing.
UPDATE "project_revisions" SET "organization_id" = (
	SELECT "organization_id" FROM "projects" WHERE "projects"."id" = "project_revisions"."project_id"
);
--> statement-breakpoint
INSERT INTO "organization_places" ("organization_id", "revision", "parent_id", "known_from")
	SELECT "id", "revision", "parent_id", "created_at" FROM "organizations";
--> statement-breakpoint
-- Written by hand: who is silent by the rules that hold where nobody has set any.
UPDATE "project_standings" SET "grey_from" = CASE WHEN "said_as_of" IS NULL THEN '0001-01-01' ELSE to_char("said_as_of"::date + 39, 'YYYY-MM-DD') END
	WHERE "low_fine" < 10000000000 AND "project_id" IN (
		SELECT "id" FROM "projects" WHERE "status" IN ('identification', 'preparation', 'implementation')
	);
