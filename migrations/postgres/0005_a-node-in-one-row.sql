ALTER TABLE "project_baselines" DROP CONSTRAINT "project_baselines_basis_values";--> statement-breakpoint
ALTER TABLE "project_standings" ADD COLUMN "archived_at" text collate "C";--> statement-breakpoint
ALTER TABLE "project_standings" ADD COLUMN "start_date" text collate "C";--> statement-breakpoint
ALTER TABLE "project_standings" ADD COLUMN "end_date" text collate "C";--> statement-breakpoint
ALTER TABLE "project_standings" ADD COLUMN "budget_minor" bigint;--> statement-breakpoint
ALTER TABLE "project_standings" ADD COLUMN "budget_currency" text collate "C";--> statement-breakpoint
ALTER TABLE "project_standings" ADD COLUMN "quantities" text collate "C";--> statement-breakpoint
ALTER TABLE "project_standings" ADD COLUMN "weight_scaled" bigint;--> statement-breakpoint
ALTER TABLE "project_standings" ADD COLUMN "weight_basis" text collate "C" DEFAULT 'equal' NOT NULL;--> statement-breakpoint
ALTER TABLE "project_standings" ADD COLUMN "progress_basis" text collate "C" DEFAULT 'auto' NOT NULL;--> statement-breakpoint
ALTER TABLE "project_standings" ADD COLUMN "cadence" text collate "C";--> statement-breakpoint
ALTER TABLE "project_standings" ADD COLUMN "baseline_basis" text collate "C";--> statement-breakpoint
ALTER TABLE "project_standings" ADD COLUMN "curve" text collate "C";--> statement-breakpoint
ALTER TABLE "project_standings" ADD COLUMN "is_assumed" boolean;--> statement-breakpoint
ALTER TABLE "project_standings" ADD COLUMN "baseline_coverage_fine" bigint;--> statement-breakpoint
ALTER TABLE "project_standings" ADD COLUMN "plan_revision" bigint;--> statement-breakpoint
ALTER TABLE "project_baselines" DROP COLUMN "basis";--> statement-breakpoint
ALTER TABLE "project_baselines" DROP COLUMN "curve";--> statement-breakpoint
ALTER TABLE "project_baselines" DROP COLUMN "is_assumed";--> statement-breakpoint
ALTER TABLE "project_baselines" DROP COLUMN "coverage_fine";