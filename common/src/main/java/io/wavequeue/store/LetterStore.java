package io.wavequeue.store;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Map;

/** What has to be known before letters become jobs. */
@ApplicationScoped
public class LetterStore {
    private final Database database;

    LetterStore(Database database) {
        this.database = database;
    }

    /** Models of whose predictions the provider is to be asked first, and from when on; nothing is kept. */
    public Map<String, Instant> toAsk(LettersChoice choice) {
        return database.inTransaction(choice::toAsk);
    }
}
