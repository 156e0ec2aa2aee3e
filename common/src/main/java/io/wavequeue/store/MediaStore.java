package io.wavequeue.store;

import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Source clips by content, and where the provider keeps its copy. */
@ApplicationScoped
public class MediaStore {
    private static final String READ = """
            select sha256, bytes, content_type, filename, duration_seconds,
                   case when provider_until > now() + make_interval(secs => ?) then provider_url end as provider_url
            from media
            where sha256 = any (?::text[])
            """;

    /** Once a day for a clip. */
    private static final String KEEP = """
            with asked as (
              select sha256
              from media
              where sha256 = any (?::text[])
                and used_at < now() - interval '1 day'
              order by sha256
              for no key update%s
            )
            update media m
            set used_at = now()
            from asked a
            where m.sha256 = a.sha256
            """;

    /** It waits for whoever removes one, so that the reading after it does not see what is gone. */
    private static final String ASKED_FOR = KEEP.formatted("");

    /** Whoever has one locked removes it, or keeps it as well. */
    private static final String NAMED = KEEP.formatted(" skip locked");

    private final Database database;

    MediaStore(Database database) {
        this.database = database;
    }

    /**
     * A clip.
     *
     * @param durationSeconds null = not known
     * @param providerUrl where the provider keeps it, when it will for long enough
     */
    public record Media(
            String sha256,
            long bytes,
            String contentType,
            String filename,
            @Nullable BigDecimal durationSeconds,
            @Nullable String providerUrl) {}

    /** Looks clips up by content: those that are known, in no order. */
    @FunctionalInterface
    public interface Lookup<E extends Exception> {
        List<Media> find(Collection<String> sha256s) throws E;
    }

    /** Adds the clip unless its content is known; then it is kept for as long as a new one. */
    public void add(Media media) {
        database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, """
                    insert into media (sha256, bytes, content_type, filename, duration_seconds)
                    values (?, ?, ?, ?, ?)
                    on conflict (sha256) do update set used_at = now()
                    """)) {
                return bind.text(media.sha256())
                        .number(media.bytes())
                        .text(media.contentType())
                        .text(media.filename())
                        .usd(media.durationSeconds())
                        .update();
            }
        });
    }

    /** The clip; its provider URL only when it is good for at least {@code validFor}. */
    public Optional<Media> find(String sha256, Duration validFor) {
        return find(List.of(sha256), validFor).stream().findFirst();
    }

    /** Those of the clips that are known, in no order. They are kept for a while from now on. */
    public List<Media> find(Collection<String> sha256s, Duration validFor) {
        return database.inTransaction(connection -> {
            keep(connection, ASKED_FOR, sha256s);
            return read(connection, sha256s, validFor);
        });
    }

    /** The same in the caller's transaction, which is a short one: others that ask for these clips may have to wait for it. */
    static List<Media> askedFor(Connection connection, Collection<String> sha256s) throws SQLException {
        keep(connection, ASKED_FOR, sha256s);
        return read(connection, sha256s, Duration.ZERO);
    }

    /** Those that are known now; they are not kept for that. Nobody waits. */
    static List<Media> known(Connection connection, Collection<String> sha256s) throws SQLException {
        return read(connection, sha256s, Duration.ZERO);
    }

    /** Somebody will ask for these clips: they are kept until then, and for a while. Waits for nobody. */
    static void named(Connection connection, Collection<String> sha256s) throws SQLException {
        if (!sha256s.isEmpty()) {
            keep(connection, NAMED, sha256s);
        }
    }

    private static void keep(Connection connection, String sql, Collection<String> sha256s) throws SQLException {
        try (Bind bind = Bind.of(connection, sql)) {
            bind.array("text", sha256s, sha256 -> sha256).update();
        }
    }

    private static List<Media> read(Connection connection, Collection<String> sha256s, Duration validFor)
            throws SQLException {
        try (Bind bind = Bind.of(connection, READ)) {
            return bind.seconds(validFor)
                    .array("text", sha256s, sha256 -> sha256)
                    .rows(MediaStore::media);
        }
    }

    /** Keeps where the provider put its copy, and for how long. */
    public void uploaded(String sha256, String url, Duration lifetime) {
        database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, """
                    with known as (
                      update media
                      set provider_url = ?, provider_until = now() + make_interval(secs => ?)
                      where sha256 = ?
                      returning provider_url, sha256
                    )
                    insert into media_address (url, sha256)
                    select provider_url, sha256
                    from known
                    on conflict (url) do nothing
                    """)) {
                return bind.text(url).seconds(lifetime).text(sha256).update();
            }
        });
    }

    private static Media media(ResultSet row) throws SQLException {
        return new Media(
                row.getString("sha256"),
                row.getLong("bytes"),
                row.getString("content_type"),
                row.getString("filename"),
                row.getBigDecimal("duration_seconds"),
                row.getString("provider_url"));
    }
}
