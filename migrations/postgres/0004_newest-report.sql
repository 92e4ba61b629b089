ALTER TABLE "project_standings" ADD COLUMN "newest_report_as_of" text collate "C";--> statement-breakpoint
UPDATE "project_standings" SET "newest_report_as_of" = (SELECT max("as_of") FROM "reports" WHERE "reports"."project_id" = "project_standings"."project_id");
