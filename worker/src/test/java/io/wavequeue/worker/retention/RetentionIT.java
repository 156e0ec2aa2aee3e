package io.wavequeue.worker.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.wavequeue.storage.Storages;
import io.wavequeue.store.RetentionRule;
import io.wavequeue.store.RetentionStore.Keeping;
import io.wavequeue.store.StoreFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.InstantSource;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Processes whose loop is turned by hand, over a real database and real files. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RetentionIT {
    private static final Duration DAYS = Duration.ofDays(90);
    private static final Keeping KEEPING = new Keeping(DAYS, DAYS, DAYS, Duration.ofDays(7), DAYS);

    private final StoreFixture store = new StoreFixture();
    private SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @TempDir
    private Path data;

    private record Settings(boolean enabled, Duration every) implements RetentionConfig {}

    @BeforeEach
    void threeOldJobs() throws IOException {
        registry = new SimpleMeterRegistry();
        store.execute("truncate job, removal, past_jobs, event cascade");
        store.execute("""
                insert into job (id, status, model, lane, max_attempts, attempt, created_at, settled_at)
                select md5(i::text)::uuid, 'succeeded', 'm', 'bulk', 3, 1, now() - interval '91 days', now() - interval '91 days'
                from generate_series(1, 3) i;
                insert into job_payload (job_id, input, created_at) select id, '{}', created_at from job;
                insert into output (job_id, number, attempt, url, file, bytes, sha256, archived_at)
                select id, 0, 1, 'u', 'day/' || id || '_0.wav', 1, 's', settled_at from job;
                update event_cursor set xid = (select max(xid) from event), event_id = (select max(id) from event)
                """);
        for (String file : store.texts("select file from output")) {
            write("outputs/" + file);
            write("outputs/" + file + ".json");
        }
    }

    @AfterAll
    void close() {
        store.close();
    }

    private Path write(String file) throws IOException {
        Path path = data.resolve(file);
        Files.createDirectories(path.getParent());
        return Files.writeString(path, "sound");
    }

    private OldFiles oldFiles() {
        return new OldFiles(Storages.folder(data.resolve("outputs")), data.resolve("media"), InstantSource.system());
    }

    private Retention process() {
        return new Retention(
                store.retention, KEEPING, oldFiles(), new Settings(true, Duration.ofHours(1)), registry, 2);
    }

    private static void pass(Retention process) {
        while (process.step()) {
            // until it says that the pass has ended
        }
    }

    private long files(String folder) throws IOException {
        Path root = data.resolve(folder);
        if (!Files.exists(root)) {
            return 0;
        }
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile).count();
        }
    }

    private double removed(String what) {
        return registry.get(Retention.REMOVED).tag("what", what).counter().count();
    }

    @Test
    void shouldRemoveRowsAndThenFilesWithWhatLiesBesideThem() throws IOException {
        write("outputs/day/another.wav");

        pass(process());

        assertThat(store.text("select count(*) from job")).isEqualTo("0");
        assertThat(store.text("select count(*) from removal")).isEqualTo("0");
        assertThat(files("outputs")).isEqualTo(1);
        assertThat(removed("jobs")).isEqualTo(3);
        assertThat(removed("files")).isEqualTo(3);
    }

    /** Its rows are gone and its files are not; the next one finds them by their note. */
    @Test
    void shouldRemoveTheFilesOfAProcessThatDiedAfterItsRows() throws IOException {
        Retention died = process();
        died.step();
        died.step();
        assertThat(store.text("select count(*) from job")).isEqualTo("1");
        assertThat(files("outputs")).isEqualTo(6);

        pass(process());

        assertThat(store.text("select count(*) from job")).isEqualTo("0");
        assertThat(files("outputs")).isZero();
    }

    /** Its files are gone and their notes are not: after its lease the next one finds nothing to remove, which is as good. */
    @Test
    void shouldForgetTheFilesOfAProcessThatDiedAfterRemovingThem() throws IOException {
        assertThat(store.retention.remove(RetentionRule.JOBS, KEEPING, null, 10))
                .isPresent();
        OldFiles dying = oldFiles();
        for (var file : store.retention.takeFiles(10, Duration.ofMinutes(5))) {
            dying.remove(file);
        }
        pass(process());
        assertThat(store.text("select count(*) from removal")).isEqualTo("3");

        store.execute("update removal set remove_at = now()");
        pass(process());
        assertThat(store.text("select count(*) from removal")).isEqualTo("0");
    }

    @Test
    void shouldTryAgainLaterWhatCannotBeRemovedAndLeaveWhatIsNotItsOwn() throws IOException {
        Path outside = write("secret");
        Path busy = write("outputs/day/busy/inside").getParent();
        Path fresh = write("media/fresh");
        Path old = write("media/old");
        Files.setLastModifiedTime(
                old, FileTime.from(InstantSource.system().instant().minus(DAYS)));
        store.execute("""
                insert into removal (folder, file)
                values ('media', '../secret'), ('outputs', 'day/busy'), ('media', 'fresh'), ('media', 'old')
                """);

        pass(process());

        assertThat(outside).exists();
        assertThat(busy).exists();
        assertThat(fresh).exists();
        assertThat(old).doesNotExist();
        assertThat(store.texts("select file || ': ' || error from removal where remove_at > now() order by file"))
                .satisfiesExactly(
                        escape -> assertThat(escape).contains("../secret").contains("leads out of its folder"),
                        full -> assertThat(full).isEqualTo("day/busy: day/busy is a folder"),
                        young -> assertThat(young).isEqualTo("fresh: it was written again less than an hour ago"));
        assertThat(removed("files")).isEqualTo(4);
    }
}
