-- AlterTable
ALTER TABLE "user" ADD COLUMN     "findable" BOOLEAN NOT NULL DEFAULT true,
ADD COLUMN     "shows_last_seen" BOOLEAN NOT NULL DEFAULT true;

-- CreateTable
CREATE TABLE "user_search" (
    "entry" TEXT COLLATE "C" NOT NULL,
    "user_id" BIGINT NOT NULL,
    "is_whole" BOOLEAN NOT NULL,

    CONSTRAINT "user_search_pkey" PRIMARY KEY ("entry","user_id")
);

-- CreateIndex
CREATE INDEX "user_search_user_id_idx" ON "user_search"("user_id");

-- What follows is written by hand, but for the foreign key at the end. See docs/adr/0022.

-- A text as it is compared: without case and accents, words between single spaces. lower() does as LC_CTYPE says, which may be C: so
-- letters that are common and not ASCII are named.
CREATE FUNCTION "search_fold"("words" TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT btrim(regexp_replace(
        replace(replace(replace(replace(
            translate(
                lower(regexp_replace(normalize("words", NFKD), '[\u0300-\u036f\u0483-\u0487\u3099\u309a\ufe00-\ufe0f]', '', 'g')),
                'ØŁĐÐĦøłđðħıςΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЄІЂЈЉЊЋЏҐ',
                'olddholddhiσαβγδεζηθικλμνξοπρστυφχψωабвгдежзиклмнопрстуфхцчшщъыьэюяєіђјљњћџґ'
            ), 'ß', 'ss'), 'ẞ', 'ss'), 'æ', 'ae'), 'Æ', 'ae'),
        '[\s!-#%-*,-/:;?@\[-\]_{}\u00a1\u00a7\u00ab\u00b6\u00b7\u00bb\u00bf\u2000-\u206f\u3000-\u3003\u3008-\u3011\u30fb]+', ' ', 'g'
    ))
$$;

-- By which a user is found: their username and name, from each of the first words on. The whole of it is the first.
CREATE FUNCTION "search_entries"("username" TEXT, "name" TEXT) RETURNS TEXT[]
    LANGUAGE plpgsql IMMUTABLE SET search_path FROM CURRENT AS $$
DECLARE
    one TEXT := nullif("search_fold"("username"), '');
    other TEXT := nullif("search_fold"("name"), '');
    words TEXT[] := string_to_array(concat_ws(' ', one, nullif(other, one)), ' ');
BEGIN
    RETURN array(
        SELECT array_to_string(words[n:], ' ') FROM generate_series(1, least(cardinality(words), 16)) n ORDER BY n
    );
END $$;

CREATE FUNCTION "write_search_entries"() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM "user_search" WHERE "user_id" = NEW."id";
    END IF;
    IF NEW."findable" AND NOT NEW."is_app" THEN
        INSERT INTO "user_search" ("entry", "user_id", "is_whole")
            SELECT "entry", NEW."id", "n" = 1
            FROM unnest("search_entries"(NEW."username", NEW."name")) WITH ORDINALITY "found" ("entry", "n");
    END IF;
    RETURN NULL;
END $$;

-- For all who write users, also the version before this one. The next migration writes those of the users who are there.
CREATE TRIGGER "user_search_added" AFTER INSERT ON "user" FOR EACH ROW EXECUTE FUNCTION "write_search_entries"();
CREATE TRIGGER "user_search_changed" AFTER UPDATE ON "user" FOR EACH ROW
    WHEN ((OLD."username", OLD."name", OLD."findable", OLD."is_app")
        IS DISTINCT FROM (NEW."username", NEW."name", NEW."findable", NEW."is_app"))
    EXECUTE FUNCTION "write_search_entries"();

-- 64 pages, so that plans of the empty table find its rows by indexes: see plans_of_small_tables. Before there is a foreign
-- key, because nobody has these ids.
ALTER TABLE "user_search" SET (
    vacuum_truncate = false, autovacuum_analyze_threshold = 200, autovacuum_analyze_scale_factor = 0.05
);
DO $$
BEGIN
    INSERT INTO "user_search" ("entry", "user_id", "is_whole")
        SELECT n, -n, false FROM generate_series(1, 10000) n;
    RAISE EXCEPTION 'roll back';
EXCEPTION
    WHEN raise_exception THEN NULL;
END $$;

-- AddForeignKey
ALTER TABLE "user_search" ADD CONSTRAINT "user_search_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;
