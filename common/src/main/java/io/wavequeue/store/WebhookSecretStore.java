package io.wavequeue.store;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** The secrets with which the provider signs: a worker is told them, and the API, which has no key, reads them here. */
@ApplicationScoped
public class WebhookSecretStore {
    private static final String KEEP = """
            with told as (
              select ?::text as secret
            ), replaced as (
              update webhook_secret s
              set replaced_at = now()
              from told t
              where s.secret <> t.secret
                and s.replaced_at is null
            ), expired as (
              delete from webhook_secret s
              using told t
              where s.secret <> t.secret
                and s.replaced_at < now() - interval '1 day'
            )
            insert into webhook_secret as s (secret)
            select secret from told
            on conflict (secret) do update
            set told_at = now(), replaced_at = null
            returning s.xmax = 0 as is_new
            """;

    private static final String VALID = """
            select secret
            from webhook_secret
            where replaced_at is null
               or replaced_at > now() - interval '1 day'
            order by told_at desc
            """;

    private final Database database;

    WebhookSecretStore(Database database) {
        this.database = database;
    }

    /** The provider's present secret. True when it was not known before. */
    public boolean keep(String secret) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, KEEP)) {
                return bind.text(secret).row(row -> row.getBoolean("is_new"));
            }
        });
    }

    /** The present one and those that were replaced within the last day; workers with keys of their own may be told several. */
    public List<String> valid() {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, VALID)) {
                return bind.rows(row -> row.getString("secret"));
            }
        });
    }
}
