-- The tables of Keyway. Keys and ids compare byte by byte, as in the other stores. Instants are microseconds since the
-- epoch. What is `bytea` is sealed.
CREATE TABLE keyway.version (id integer PRIMARY KEY CHECK (id = 1), steps integer NOT NULL);
INSERT INTO keyway.version VALUES (1, 0);
CREATE TABLE keyway.seal (id integer PRIMARY KEY CHECK (id = 1), sealed bytea NOT NULL);
CREATE SEQUENCE keyway.epochs;

CREATE TABLE keyway.integrations (
    id text COLLATE "C" CONSTRAINT integrations_by_id PRIMARY KEY,
    key text COLLATE "C" NOT NULL CONSTRAINT integrations_by_key UNIQUE,
    provider text NOT NULL,
    client_id text,
    client_secret bytea,
    scopes text NOT NULL,
    allowed_hosts text NOT NULL,
    custom bytea NOT NULL,
    app_link text,
    shared_redirect_uri boolean NOT NULL,
    unknown_outcome text
);

CREATE TABLE keyway.connections (
    integration text COLLATE "C" NOT NULL
        CONSTRAINT connections_of_integration REFERENCES keyway.integrations ON DELETE CASCADE,
    id text COLLATE "C" NOT NULL,
    provider text NOT NULL,
    config bytea NOT NULL,
    metadata bytea NOT NULL,
    credentials bytea NOT NULL,
    last_success bigint,
    last_failure bigint,
    attempts bigint NOT NULL,
    failures bigint NOT NULL,
    unanswered bigint NOT NULL,
    retry_at bigint,
    exhausted boolean NOT NULL,
    intent bigint,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    expires_at bigint,
    epoch bigint NOT NULL,
    PRIMARY KEY (integration, id)
);
CREATE INDEX connections_by_exhausted ON keyway.connections (integration, exhausted, id);

CREATE TABLE keyway.registrations (
    integration text COLLATE "C" NOT NULL
        CONSTRAINT registrations_of_integration REFERENCES keyway.integrations ON DELETE CASCADE,
    issuer text COLLATE "C" NOT NULL,
    request text COLLATE "C" NOT NULL,
    client_id text NOT NULL,
    answer bytea NOT NULL,
    expires_at bigint,
    PRIMARY KEY (integration, issuer, request)
);

CREATE TABLE keyway.tickets (id text COLLATE "C" PRIMARY KEY, payload bytea NOT NULL, expires_at bigint NOT NULL);
CREATE INDEX tickets_by_expiry ON keyway.tickets (expires_at);

-- What was written, for processes that keep in memory what they read. `xid` is the transaction that wrote: numbers are
-- given before transactions commit, so only what is older than every running transaction is known to be complete.
CREATE TABLE keyway.changes (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    integration text NOT NULL,
    connection text
);
CREATE INDEX changes_by_transaction ON keyway.changes (xid);
-- Of what transactions before this one wrote, not everything is kept any more.
CREATE TABLE keyway.changes_kept (id integer PRIMARY KEY CHECK (id = 1), since xid8 NOT NULL);
INSERT INTO keyway.changes_kept VALUES (1, '0');

CREATE FUNCTION keyway.note_integration() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO keyway.changes (integration) VALUES (COALESCE(NEW.id, OLD.id));
    RETURN NULL;
END $$;

-- Connections that go with their integration are not noted: the integration is.
CREATE FUNCTION keyway.note_connection() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'DELETE' OR EXISTS (SELECT FROM keyway.integrations WHERE id = OLD.integration) THEN
        INSERT INTO keyway.changes (integration, connection)
        VALUES (COALESCE(NEW.integration, OLD.integration), COALESCE(NEW.id, OLD.id));
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION keyway.notify_of_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('keyway', '');
    RETURN NULL;
END $$;

-- Keeps the newest 10,000. Of those that trim at once one does.
CREATE FUNCTION keyway.trim_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    oldest xid8;
BEGIN
    PERFORM FROM keyway.changes_kept FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    SELECT xid INTO oldest FROM keyway.changes ORDER BY seq DESC OFFSET 10000 LIMIT 1;
    IF FOUND THEN
        oldest := LEAST(oldest, pg_snapshot_xmin(pg_current_snapshot()));
        DELETE FROM keyway.changes WHERE xid < oldest;
        UPDATE keyway.changes_kept SET since = GREATEST(since, oldest);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON keyway.integrations
    FOR EACH ROW EXECUTE FUNCTION keyway.note_integration();
CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON keyway.connections
    FOR EACH ROW EXECUTE FUNCTION keyway.note_connection();
CREATE TRIGGER notify AFTER INSERT ON keyway.changes
    FOR EACH ROW EXECUTE FUNCTION keyway.notify_of_changes();
CREATE TRIGGER trim AFTER INSERT ON keyway.changes
    FOR EACH ROW WHEN (NEW.seq % 1000 = 0) EXECUTE FUNCTION keyway.trim_changes();
