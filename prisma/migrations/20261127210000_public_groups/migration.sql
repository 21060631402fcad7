-- AlterTable
ALTER TABLE "chat" ADD COLUMN     "is_public" BOOLEAN;

-- CreateTable
CREATE TABLE "group_search" (
    "beginning" TEXT COLLATE "C" NOT NULL,
    "chat_id" BIGINT NOT NULL,

    CONSTRAINT "group_search_pkey" PRIMARY KEY ("beginning","chat_id")
);

-- CreateIndex
CREATE INDEX "group_search_chat_id_idx" ON "group_search"("chat_id");

-- What follows is written by hand, but for the foreign key at the end. See docs/adr/0048.

-- No row has it yet, so none needs a look.
ALTER TABLE "chat" ADD CONSTRAINT "chat_public" CHECK ("is_public" IS NULL OR "type" = 'group') NOT VALID;

-- The words of a text as they are compared, each once; of a longer one its first 16 characters.
CREATE FUNCTION "search_words"("words" TEXT, "max" INTEGER) RETURNS TEXT[]
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path FROM CURRENT AS $$
BEGIN
    RETURN array(
        SELECT DISTINCT left(word, 16) COLLATE "C"
        FROM unnest((string_to_array("search_fold"("words"), ' '))[:"max"]) word
        WHERE word <> ''
    );
END $$;

CREATE FUNCTION "write_group_search"() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    DELETE FROM "group_search" WHERE "chat_id" = NEW."id";
    IF NEW."is_public" THEN
        INSERT INTO "group_search" ("beginning", "chat_id")
            SELECT '', NEW."id"
            UNION
            SELECT left(word, n), NEW."id"
            FROM unnest("search_words"(concat_ws(' ', NEW."name", NEW."description"), 64)) word
            CROSS JOIN generate_series(1, char_length(word)) n;
    END IF;
    RETURN NULL;
END $$;

-- For all who write groups, also the version before this one. A send sets none of these columns.
CREATE TRIGGER "group_search_added" AFTER INSERT ON "chat" FOR EACH ROW
    WHEN (NEW."is_public") EXECUTE FUNCTION "write_group_search"();
CREATE TRIGGER "group_search_changed" AFTER UPDATE OF "name", "description", "is_public" ON "chat" FOR EACH ROW
    WHEN ((OLD."is_public" OR NEW."is_public") AND (OLD."name", OLD."description", OLD."is_public")
        IS DISTINCT FROM (NEW."name", NEW."description", NEW."is_public"))
    EXECUTE FUNCTION "write_group_search"();

-- 20 pages, so that plans of the empty table find its rows by indexes: see plans_of_small_tables. Before there is a foreign key,
-- because nobody has these ids.
ALTER TABLE "group_search" SET (
    vacuum_truncate = false, autovacuum_analyze_threshold = 200, autovacuum_analyze_scale_factor = 0.05
);
DO $$
BEGIN
    INSERT INTO "group_search" ("beginning", "chat_id") SELECT n, -n FROM generate_series(1, 5000) n;
    RAISE EXCEPTION 'roll back';
EXCEPTION
    WHEN raise_exception THEN NULL;
END $$;

-- AddForeignKey
ALTER TABLE "group_search" ADD CONSTRAINT "group_search_chat_id_fkey" FOREIGN KEY ("chat_id") REFERENCES "chat"("id") ON DELETE CASCADE ON UPDATE CASCADE;
