-- What a message shows to its reader alone. PostgreSQL sets up a subquery whenever a statement runs that has it, and a function only when it
-- comes to it: a page of plain messages does not pay for these.

CREATE FUNCTION "reply_preview"("reply_to" BIGINT, "chat" BIGINT, "history_from" BIGINT, "max_excerpt" INTEGER) RETURNS JSON
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path FROM CURRENT AS $$
BEGIN
    RETURN coalesce(
        (
            SELECT CASE WHEN answered."id" < coalesce("history_from", 0) THEN json_build_object('id', answered."id")
                ELSE json_build_object(
                    'id', answered."id", 'author_id', answered."author_id", 'excerpt', left(answered."contents", "max_excerpt")
                )
            END
            FROM "message" answered
            WHERE answered."id" = "reply_to" AND answered."chat_id" = "chat"
              AND (answered."expires_at" IS NULL OR answered."expires_at" > clock_timestamp())
        ),
        json_build_object('id', "reply_to", 'deleted', true)
    );
END $$;

CREATE FUNCTION "my_reactions"("message" BIGINT, "reader" BIGINT) RETURNS JSON
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path FROM CURRENT AS $$
BEGIN
    RETURN (
        SELECT coalesce(json_agg(mine."emoji" ORDER BY mine."id"), '[]')
        FROM "reaction" mine
        WHERE mine."message_id" = "message" AND mine."user_id" = "reader"
    );
END $$;

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
