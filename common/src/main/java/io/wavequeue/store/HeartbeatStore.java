package io.wavequeue.store;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * The workers' rows: their heartbeats and their end.
 *
 * <p>It wants a pool that nothing else uses: a worker whose other connections are all busy is alive.
 */
@ApplicationScoped
public class HeartbeatStore {
    /** The name of that pool in the configuration; only workers have one. */
    private static final String POOL = "heartbeat";

    private final Database database;

    @Inject
    HeartbeatStore(@Any Instance<AgroalDataSource> pools) {
        this(new Database(pools.select(new DataSource.DataSourceLiteral(POOL)).get()));
    }

    HeartbeatStore(Database database) {
        this.database = database;
    }

    public void register(UUID id, String host, long pid, String version) {
        database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, "insert into worker (id, host, pid, version) values (?, ?, ?, ?)")) {
                return bind.uuid(id).text(host).number(pid).text(version).update();
            }
        });
    }

    /** Beats. False when this worker has been declared dead: it must not touch anything any more. */
    public boolean beat(UUID id) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(
                    connection,
                    "update worker set beat = beat + 1, beat_at = now() where id = ? and ended_at is null")) {
                return bind.uuid(id).update() == 1;
            }
        });
    }

    /** The last beat of every worker that is thought to be alive. */
    public Map<UUID, Long> beats() {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, "select id, beat from worker where ended_at is null")) {
                Map<UUID, Long> beats = new HashMap<>();
                bind.rows(row -> beats.put(Bind.uuid(row, "id"), row.getLong("beat")));
                return beats;
            }
        });
    }

    /** Declares a worker dead that has not beaten since. False when it has, or when somebody else did it. */
    public boolean declareSilent(UUID id, long beat) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, """
                    update worker
                    set ended_at = now(), end_reason = 'silent'
                    where id = ?
                      and beat = ?
                      and ended_at is null
                    """)) {
                return bind.uuid(id).number(beat).update() == 1;
            }
        });
    }

    /** The worker ends by itself; what it still holds can be taken over at once. */
    public void stopped(UUID id) {
        database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, """
                    update worker
                    set ended_at = now(), end_reason = 'stopped'
                    where id = ?
                      and ended_at is null
                    """)) {
                return bind.uuid(id).update();
            }
        });
    }
}
