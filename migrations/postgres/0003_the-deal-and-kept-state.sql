CREATE TABLE "agreement_amendments" (
	"project_id" text collate "C" NOT NULL,
	"agreement_id" text collate "C" NOT NULL,
	"as_of" text collate "C" NOT NULL,
	"revision" bigint NOT NULL,
	"rationale" text collate "C" NOT NULL,
	"scope" text collate "C",
	"effective_on" text collate "C",
	"ends_on" text collate "C",
	"value_minor" bigint,
	"value_currency" text collate "C",
	"value_qualifier" text collate "C",
	"value_stated" text collate "C",
	"document_url" text collate "C",
	"reason" text collate "C",
	"citation" text collate "C",
	"withdrawn" boolean NOT NULL,
	"recorded_at" text collate "C" NOT NULL,
	"recorded_by" text collate "C" NOT NULL,
	"superseded_at" text collate "C",
	CONSTRAINT "agreement_amendments_project_id_agreement_id_as_of_revision_pk" PRIMARY KEY("project_id","agreement_id","as_of","revision"),
	CONSTRAINT "agreement_amendments_value_qualifier_values" CHECK ("value_qualifier" in ('exact', 'atLeast', 'moreThan', 'atMost', 'lessThan', 'nearly', 'about')),
	CONSTRAINT "agreement_amendments_value_whole" CHECK (("agreement_amendments"."value_minor" is null) = ("agreement_amendments"."value_currency" is null))
);
--> statement-breakpoint
CREATE TABLE "agreements" (
	"project_id" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"revision" bigint NOT NULL,
	"type" text collate "C" NOT NULL,
	"title" text collate "C" NOT NULL,
	"signed_on" text collate "C",
	"signed_by_day" text collate "C" NOT NULL,
	"effective_on" text collate "C",
	"ends_on" text collate "C",
	"party_ids" text collate "C" NOT NULL,
	"value_minor" bigint,
	"value_currency" text collate "C",
	"value_qualifier" text collate "C",
	"value_stated" text collate "C",
	"document_url" text collate "C",
	"note" text collate "C",
	"citation" text collate "C",
	"reason" text collate "C",
	"created_at" text collate "C" NOT NULL,
	"archived_at" text collate "C",
	"recorded_at" text collate "C" NOT NULL,
	"recorded_by" text collate "C" NOT NULL,
	"superseded_at" text collate "C",
	CONSTRAINT "agreements_project_id_id_revision_pk" PRIMARY KEY("project_id","id","revision"),
	CONSTRAINT "agreements_type_values" CHECK ("type" in ('framework', 'investment', 'construction', 'lease', 'other')),
	CONSTRAINT "agreements_value_qualifier_values" CHECK ("value_qualifier" in ('exact', 'atLeast', 'moreThan', 'atMost', 'lessThan', 'nearly', 'about')),
	CONSTRAINT "agreements_value_whole" CHECK (("agreements"."value_minor" is null) = ("agreements"."value_currency" is null))
);
--> statement-breakpoint
CREATE TABLE "funding" (
	"project_id" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"revision" bigint NOT NULL,
	"title" text collate "C" NOT NULL,
	"purpose" text collate "C",
	"currency" text collate "C" NOT NULL,
	"source_organization_id" text collate "C",
	"source_name" text collate "C",
	"note" text collate "C",
	"citation" text collate "C",
	"reason" text collate "C",
	"created_at" text collate "C" NOT NULL,
	"archived_at" text collate "C",
	"recorded_at" text collate "C" NOT NULL,
	"recorded_by" text collate "C" NOT NULL,
	"superseded_at" text collate "C",
	CONSTRAINT "funding_project_id_id_revision_pk" PRIMARY KEY("project_id","id","revision"),
	CONSTRAINT "funding_one_source" CHECK ("funding"."source_organization_id" is null or "funding"."source_name" is null)
);
--> statement-breakpoint
CREATE TABLE "funding_amounts" (
	"project_id" text collate "C" NOT NULL,
	"funding_id" text collate "C" NOT NULL,
	"status" text collate "C" NOT NULL,
	"as_of" text collate "C" NOT NULL,
	"revision" bigint NOT NULL,
	"since" text collate "C",
	"amount_minor" bigint,
	"qualifier" text collate "C" NOT NULL,
	"stated" text collate "C",
	"note" text collate "C",
	"reason" text collate "C",
	"citation" text collate "C",
	"withdrawn" boolean NOT NULL,
	"recorded_at" text collate "C" NOT NULL,
	"recorded_by" text collate "C" NOT NULL,
	"superseded_at" text collate "C",
	CONSTRAINT "funding_amounts_project_id_funding_id_status_as_of_revision_pk" PRIMARY KEY("project_id","funding_id","status","as_of","revision"),
	CONSTRAINT "funding_amounts_status_values" CHECK ("status" in ('sought', 'committed', 'arrived', 'withdrawn')),
	CONSTRAINT "funding_amounts_qualifier_values" CHECK ("qualifier" in ('exact', 'atLeast', 'moreThan', 'atMost', 'lessThan', 'nearly', 'about')),
	CONSTRAINT "funding_amounts_since" CHECK ("funding_amounts"."since" is null or "funding_amounts"."since" <= "funding_amounts"."as_of"),
	CONSTRAINT "funding_amounts_amount" CHECK ("funding_amounts"."amount_minor" is null or "funding_amounts"."amount_minor" >= 0)
);
--> statement-breakpoint
CREATE TABLE "kept_state" (
	"part" text collate "C" PRIMARY KEY NOT NULL,
	"counting" bigint NOT NULL,
	"counted_up_to" text collate "C",
	"counted_at" text collate "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "parties" (
	"project_id" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"revision" bigint NOT NULL,
	"organization_id" text collate "C",
	"name" text collate "C",
	"role" text collate "C" NOT NULL,
	"split_from" text collate "C",
	"split_on" text collate "C",
	"note" text collate "C",
	"citation" text collate "C",
	"reason" text collate "C",
	"created_at" text collate "C" NOT NULL,
	"archived_at" text collate "C",
	"recorded_at" text collate "C" NOT NULL,
	"recorded_by" text collate "C" NOT NULL,
	"superseded_at" text collate "C",
	CONSTRAINT "parties_project_id_id_revision_pk" PRIMARY KEY("project_id","id","revision"),
	CONSTRAINT "parties_role_values" CHECK ("role" in ('interestedParty', 'supplier', 'tenderer', 'funder', 'buyer', 'procuringEntity', 'payer', 'payee', 'publicAuthority', 'administrativeEntity', 'reviewBody', 'independentMonitor')),
	CONSTRAINT "parties_named_once" CHECK ("parties"."organization_id" is null or "parties"."name" is null),
	CONSTRAINT "parties_split_whole" CHECK (("parties"."split_from" is null) = ("parties"."split_on" is null))
);
--> statement-breakpoint
CREATE TABLE "party_stages" (
	"project_id" text collate "C" NOT NULL,
	"party_id" text collate "C" NOT NULL,
	"as_of" text collate "C" NOT NULL,
	"revision" bigint NOT NULL,
	"stage" text collate "C" NOT NULL,
	"since" text collate "C",
	"count" bigint,
	"note" text collate "C",
	"reason" text collate "C",
	"citation" text collate "C",
	"withdrawn" boolean NOT NULL,
	"recorded_at" text collate "C" NOT NULL,
	"recorded_by" text collate "C" NOT NULL,
	"superseded_at" text collate "C",
	CONSTRAINT "party_stages_project_id_party_id_as_of_revision_pk" PRIMARY KEY("project_id","party_id","as_of","revision"),
	CONSTRAINT "party_stages_stage_values" CHECK ("stage" in ('lead', 'inTalks', 'frameworkSigned', 'contractSigned', 'funded', 'started', 'operating', 'lapsed')),
	CONSTRAINT "party_stages_since" CHECK ("party_stages"."since" is null or "party_stages"."since" <= "party_stages"."as_of"),
	CONSTRAINT "party_stages_count" CHECK ("party_stages"."count" is null or "party_stages"."count" >= 1)
);
--> statement-breakpoint
CREATE TABLE "deal_stages" (
	"project_id" text collate "C" NOT NULL,
	"as_of" text collate "C" NOT NULL,
	"revision" bigint NOT NULL,
	"stage" text collate "C" NOT NULL,
	"since" text collate "C",
	"reason" text collate "C",
	"note" text collate "C",
	"citation" text collate "C",
	"withdrawn" boolean NOT NULL,
	"recorded_at" text collate "C" NOT NULL,
	"recorded_by" text collate "C" NOT NULL,
	"superseded_at" text collate "C",
	CONSTRAINT "deal_stages_project_id_as_of_revision_pk" PRIMARY KEY("project_id","as_of","revision"),
	CONSTRAINT "deal_stages_stage_values" CHECK ("stage" in ('lead', 'inTalks', 'frameworkSigned', 'contractSigned', 'funded', 'started', 'operating', 'lapsed')),
	CONSTRAINT "deal_stages_since" CHECK ("deal_stages"."since" is null or "deal_stages"."since" <= "deal_stages"."as_of")
);
--> statement-breakpoint
ALTER TABLE "changes" DROP CONSTRAINT "changes_subject_type_values";--> statement-breakpoint
ALTER TABLE "project_standings" ADD COLUMN "kind" text collate "C" DEFAULT 'project' NOT NULL;--> statement-breakpoint
ALTER TABLE "project_standings" ADD COLUMN "organization_id" text collate "C" DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "project_standings" ADD COLUMN "status" text collate "C" DEFAULT 'identification' NOT NULL;--> statement-breakpoint
ALTER TABLE "project_standings" ADD COLUMN "is_archived" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "project_standings" ADD COLUMN "newest_report_as_of" text collate "C";--> statement-breakpoint
ALTER TABLE "agreement_amendments" ADD CONSTRAINT "agreement_amendments_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agreements" ADD CONSTRAINT "agreements_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "funding" ADD CONSTRAINT "funding_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "funding" ADD CONSTRAINT "funding_source_organization_id_organizations_id_fk" FOREIGN KEY ("source_organization_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "funding_amounts" ADD CONSTRAINT "funding_amounts_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "parties" ADD CONSTRAINT "parties_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "parties" ADD CONSTRAINT "parties_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "party_stages" ADD CONSTRAINT "party_stages_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deal_stages" ADD CONSTRAINT "deal_stages_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "agreements_current" ON "agreements" USING btree ("project_id","id") WHERE superseded_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "funding_current" ON "funding" USING btree ("project_id","id") WHERE superseded_at is null;--> statement-breakpoint
CREATE INDEX "funding_source" ON "funding" USING btree ("source_organization_id") WHERE source_organization_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "parties_current" ON "parties" USING btree ("project_id","id") WHERE superseded_at is null;--> statement-breakpoint
CREATE INDEX "parties_organization" ON "parties" USING btree ("organization_id") WHERE organization_id is not null;--> statement-breakpoint
CREATE INDEX "project_standings_summed" ON "project_standings" USING btree ("kind","organization_id","is_archived","status","project_id");--> statement-breakpoint
ALTER TABLE "changes" ADD CONSTRAINT "changes_subject_type_values" CHECK ("subject_type" in ('organization', 'project', 'status', 'report', 'plan', 'milestone', 'party', 'partyStage', 'agreement', 'amendment', 'funding', 'fundingAmount', 'dealStage', 'lightRules', 'token'));