package io.wavequeue.store;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.UUID;

/** Who does a piece of work that one process is enough for. It spares double work; nothing is right or wrong by it. */
@ApplicationScoped
public class LeaseStore {
    private static final String TAKE = """
            insert into lease as l (name, holder, held_until)
            values (?, ?, now() + make_interval(secs => ?))
            on conflict (name) do update
            set holder = excluded.holder, held_until = excluded.held_until
            where l.holder = excluded.holder
               or l.held_until < now()
            """;

    private final Database database;

    LeaseStore(Database database) {
        this.database = database;
    }

    /** Takes or renews the lease; false while somebody else has it. */
    public boolean take(String name, UUID holder, Duration duration) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, TAKE)) {
                return bind.text(name).uuid(holder).seconds(duration).update() == 1;
            }
        });
    }
}
