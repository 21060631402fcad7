-- What a poll shows to its reader alone. PostgreSQL sets up a subquery whenever a statement runs that has it, and a function only when it comes
-- to it: few messages have a poll.

-- A reader of null is everybody.
CREATE FUNCTION "poll_shown"("poll" JSONB, "message" BIGINT, "reader" BIGINT) RETURNS JSONB
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path FROM CURRENT AS $$
BEGIN
    IF "poll" ->> 'results' = 'always' OR "poll" ->> 'closed_at' IS NOT NULL THEN
        RETURN "poll";
    END IF;
    IF "poll" ->> 'results' = 'after_vote' AND EXISTS (
        SELECT FROM "poll_vote" vote WHERE vote."message_id" = "message" AND vote."user_id" = "reader"
    ) THEN
        RETURN "poll";
    END IF;
    RETURN "poll" - 'voter_count' || jsonb_build_object('options', (
        SELECT jsonb_agg(option - 'votes' - 'voters' ORDER BY n)
        FROM jsonb_array_elements("poll" -> 'options') WITH ORDINALITY options (option, n)
    ));
END $$;
