-- Written by hand, beside the virtual table that SQLite has for the same: an index of the single terms.
CREATE INDEX "project_searches_index" ON "project_searches" USING gin (array_to_tsvector(string_to_array("terms", ' ')));
