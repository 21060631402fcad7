-- 20 pages, so that plans of the empty table find its rows by indexes: see plans_of_small_tables. These are the tables of which
-- PostgreSQL keeps plans: those of prepared statements, of functions, and of keys that cascade from message.
DO $$
DECLARE
    name text;
    filling text;
BEGIN
    -- The ids are negative, so that no row and no sequence is touched.
    FOR name, filling IN VALUES
        ('chat_folders', '("user_id", "folders", "me_pts") SELECT -n, ''[]'', n'),
        ('mention', '("message_id", "whom", "chat_id") SELECT -n, n, -n'),
        ('message_expiry', '("message_id", "chat_id", "due_at") SELECT -n, -n, now()'),
        ('message_forward', '("message_id", "author_id") SELECT -n, -n'),
        ('message_pin', '("id", "message_id", "chat_id", "user_id", "created_at") SELECT -n, -n, -n, -n, now()'),
        ('message_version', '("message_id", "version", "author_id", "contents", "written_at", "replaced_at") SELECT -n, n, -n, ''x'', now(), now()'),
        ('poll_ballot', '("id", "user_id", "message_id", "chat_id", "option_ids", "me_pts") SELECT -n, -n, -n, -n, ''{1}'', n'),
        ('poll_end', '("message_id", "chat_id", "due_at") SELECT -n, -n, now()'),
        ('poll_vote', '("id", "message_id", "option_id", "user_id") SELECT -n, -n, 1, -n'),
        ('reaction', '("id", "message_id", "user_id", "emoji") SELECT -n, -n, -n, ''x'''),
        ('reminder', '("id", "user_id", "message_id", "chat_id", "remind_at", "state", "me_pts") SELECT -n, -n, -n, -n, now(), ''ended'', n'),
        ('scheduled_message', '("id", "user_id", "chat_id", "contents", "client_id", "send_at", "state", "me_pts") SELECT -n, -n, -n, '''', n, now(), ''sent'', n'),
        ('second_factor', '("user_id", "secret") SELECT -n, sha512(''x'')'),
        ('thread_reply', '("root_id", "message_id") SELECT -n, -n'),
        ('thread_state', '("id", "user_id", "root_id", "chat_id", "following", "me_pts") SELECT -n, -n, -n, -n, true, n')
    LOOP
        EXECUTE format(
            'ALTER TABLE %I SET (vacuum_truncate = false, autovacuum_analyze_threshold = 200, autovacuum_analyze_scale_factor = 0.05)', name
        );
        -- The pages of rows that are rolled back stay.
        BEGIN
            EXECUTE format('INSERT INTO %I %s FROM generate_series(1, 3600) n', name, filling);
            RAISE EXCEPTION 'roll back';
        EXCEPTION
            WHEN foreign_key_violation OR raise_exception THEN NULL;
        END;
        IF pg_relation_size(quote_ident(name)::regclass) < 20 * current_setting('block_size')::integer THEN
            RAISE EXCEPTION 'The table % has too few pages.', name;
        END IF;
    END LOOP;
END $$;
