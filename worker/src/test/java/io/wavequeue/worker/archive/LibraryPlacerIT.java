package io.wavequeue.worker.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.wavequeue.storage.Content;
import io.wavequeue.storage.Hashes;
import io.wavequeue.storage.OutputStorage;
import io.wavequeue.storage.S3Server;
import io.wavequeue.storage.Storages;
import io.wavequeue.store.PlaceStore;
import io.wavequeue.test.ServersResource;
import io.wavequeue.worker.Jobs;
import io.wavequeue.worker.SimulatorResource;
import io.wavequeue.worker.run.Heartbeat;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Array;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The worker of these tests names nothing by itself; a placer is cranked by hand, over a folder and over a bucket. */
@QuarkusTest
@QuarkusTestResource(value = ServersResource.class, initArgs = @ResourceArg(name = "kafka", value = "true"))
@QuarkusTestResource(SimulatorResource.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LibraryPlacerIT {
    private static final String LIBRARY = "Weather";

    @TempDir
    static Path temporary;

    private final S3Server server = S3Server.start();

    @Inject
    Jobs jobs;

    @Inject
    PlaceStore store;

    @Inject
    Heartbeat heartbeat;

    @Inject
    ArchiveConfig archive;

    @Inject
    OutputConfig outputs;

    @AfterAll
    void close() {
        server.close();
    }

    List<Named<OutputStorage>> storages() {
        return List.of(
                Named.of("folder", Storages.folder(temporary.resolve("outputs"))),
                Named.of("bucket", server.storage(temporary.resolve("parts"))));
    }

    @BeforeEach
    void beginAnew() {
        jobs.execute("delete from library");
        jobs.deleteAll();
        jobs.execute("delete from lease");
        jobs.execute("insert into library (name) values (?)", LIBRARY);
    }

    private LibraryPlacer placer(OutputStorage storage) {
        return new LibraryPlacer(store, storage, heartbeat, archive, outputs);
    }

    private void placeAll(OutputStorage storage) throws InterruptedException {
        LibraryPlacer placer = placer(storage);
        while (placer.step()) {
            // until nothing is due
        }
    }

    /** A job that has ended with these clips, archived, or still to be where there is none. */
    private UUID job(OutputStorage storage, String... clips) throws IOException {
        UUID job = UUID.randomUUID();
        jobs.execute(
                "insert into job (id, status, model, lane, max_attempts, settled_at) values (?, 'succeeded', 'm', 'bulk', 3, now())",
                job);
        for (int i = 0; i < clips.length; i++) {
            jobs.execute(
                    "insert into output (job_id, number, attempt, url, archive_at) values (?, ?, 1, 'u', now() + interval '1 hour')",
                    job,
                    i);
            if (!clips[i].isEmpty()) {
                archived(storage, job, i, clips[i]);
            }
        }
        return job;
    }

    private void archived(OutputStorage storage, UUID job, int number, String clip) throws IOException {
        byte[] bytes = clip.getBytes(StandardCharsets.UTF_8);
        String key = "day/%s_%d.wav".formatted(job, number);
        Path part = storage.part("day");
        Files.write(part, bytes);
        storage.put(part, key, new Content(bytes.length, Hashes.sha256(bytes), "audio/wav"));
        jobs.execute("""
                update output
                set file = ?, bytes = ?, sha256 = ?, archived_at = now(), archive_at = null
                where job_id = ? and number = ?
                """, key, bytes.length, Hashes.sha256(bytes), job, number);
        jobs.execute("update take set place_at = now() where job_id = ?", job);
    }

    private void take(String reference, int number, UUID job, String name) {
        jobs.execute("""
                insert into take (library, reference, number, content_key, job_id, name, cue_name, place_at)
                values (?, ?, ?, repeat('a', 64), ?, ?, ?, now())
                """, LIBRARY, reference, number, job, name, reference);
    }

    private void decide(int number, String decision) {
        jobs.execute("""
                update take
                set decision = null, decided_at = null, place_at = now()
                where decision = 'picked'
                  and ? = 'picked'
                """, decision);
        jobs.execute(
                "update take set decision = ?, decided_at = now(), place_at = now() where reference = 'sfx/door' and number = ?",
                decision,
                number);
    }

    private static Optional<String> clip(OutputStorage storage, String name) throws IOException {
        String key = "libraries/" + LIBRARY + "/" + name;
        if (storage.size(key).isEmpty()) {
            return Optional.empty();
        }
        try (InputStream in = storage.open(key)) {
            return Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private List<String> files(String reference, int number) {
        Object files = jobs.row("select files from take where reference = ? and number = ?", reference, number)
                .get("files");
        try {
            return List.of((String[]) ((Array) files).getArray());
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private void assertNothingIsDue() {
        assertThat(jobs.row("select count(*) from take where place_at is not null"))
                .containsEntry("count", 0L);
    }

    @ParameterizedTest
    @MethodSource("storages")
    void shouldGiveThePickedTakeTheNameWhenAnotherIsToHaveItToo(OutputStorage storage) throws Exception {
        take("sfx/door", 1, job(storage, "first"), "sfx/door");
        take("sfx/door", 2, job(storage, "second"), "sfx/door_02");

        decide(2, "picked");
        placeAll(storage);

        assertThat(clip(storage, "sfx/door.wav")).contains("second");
        assertThat(files("sfx/door", 1)).isEmpty();
        assertThat(files("sfx/door", 2)).containsExactly("libraries/Weather/sfx/door.wav");
    }

    @ParameterizedTest
    @MethodSource("storages")
    void shouldFollowWhatAPersonDecides(OutputStorage storage) throws Exception {
        UUID second = job(storage, "second", "its tail");
        take("sfx/door", 1, job(storage, "first"), "sfx/door_01");
        take("sfx/door", 2, second, "sfx/door_02");

        placeAll(storage);
        assertThat(clip(storage, "sfx/door_01.wav")).contains("first");
        assertThat(clip(storage, "sfx/door_02.wav")).contains("second");
        assertThat(clip(storage, "sfx/door_02_2.wav")).contains("its tail");
        assertThat(files("sfx/door", 2))
                .containsExactly("libraries/Weather/sfx/door_02.wav", "libraries/Weather/sfx/door_02_2.wav");
        assertNothingIsDue();

        decide(2, "picked");
        placeAll(storage);
        assertThat(clip(storage, "sfx/door.wav")).contains("second");
        assertThat(clip(storage, "sfx/door_2.wav")).contains("its tail");
        assertThat(clip(storage, "sfx/door_02.wav")).isEmpty();
        assertThat(clip(storage, "sfx/door_01.wav")).contains("first");

        decide(1, "picked");
        placeAll(storage);
        assertThat(clip(storage, "sfx/door.wav")).contains("first");
        assertThat(clip(storage, "sfx/door_2.wav")).isEmpty();
        assertThat(clip(storage, "sfx/door_01.wav")).isEmpty();
        assertThat(clip(storage, "sfx/door_02.wav")).contains("second");

        decide(2, "rejected");
        placeAll(storage);
        assertThat(clip(storage, "sfx/door_02.wav")).isEmpty();
        assertThat(clip(storage, "sfx/door.wav")).contains("first");
        assertThat(files("sfx/door", 2)).isEmpty();
        assertThat(storage.size("day/" + second + "_0.wav"))
                .as("the archived one")
                .hasValue(6);
        assertNothingIsDue();
    }

    @ParameterizedTest
    @MethodSource("storages")
    void shouldSwapTheNamesOfTwoCues(OutputStorage storage) throws Exception {
        take("a", 1, job(storage, "clip a"), "one");
        take("b", 1, job(storage, "clip b"), "two");
        placeAll(storage);

        jobs.execute(
                "update take set name = case reference when 'a' then 'two' else 'one' end, place_at = now() where reference = 'a'");
        jobs.execute("update take set name = 'one' where reference = 'b'");
        placeAll(storage);
        assertThat(clip(storage, "two.wav")).contains("clip a");
        assertThat(clip(storage, "one.wav"))
                .as("nobody names it until b is seen to")
                .isEmpty();
        jobs.execute("update take set place_at = now() where reference = 'b'");
        placeAll(storage);

        assertThat(clip(storage, "one.wav")).contains("clip b");
        assertThat(clip(storage, "two.wav")).as("what b had is a's now").contains("clip a");
        assertThat(files("b", 1)).containsExactly("libraries/Weather/one.wav");
    }

    @ParameterizedTest
    @MethodSource("storages")
    void shouldKeepTheOldFileUntilTheNewVersionIsArchived(OutputStorage storage) throws Exception {
        take("rain", 1, job(storage, "old"), "rain_01");
        placeAll(storage);
        UUID anew = job(storage, "", "");
        jobs.execute("update take set job_id = ?, name = 'rain_new', place_at = now()", anew);

        placeAll(storage);
        assertThat(clip(storage, "rain_01.wav")).contains("old");
        assertNothingIsDue();
        archived(storage, anew, 0, "new");
        placeAll(storage);
        assertThat(clip(storage, "rain_new.wav")).contains("new");
        assertThat(clip(storage, "rain_01.wav")).as("its second output waits").contains("old");
        archived(storage, anew, 1, "tail");
        placeAll(storage);

        assertThat(clip(storage, "rain_new_2.wav")).contains("tail");
        assertThat(clip(storage, "rain_01.wav")).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("storages")
    void shouldRemoveWhatAKilledWorkerHadAnnounced(OutputStorage storage) throws Exception {
        UUID job = job(storage, "clip");
        take("rain", 1, job, "rain_01");
        placeAll(storage);
        jobs.execute("update take set files = array['libraries/Weather/rain_01.wav', 'libraries/Weather/never.wav'],"
                + " decision = 'rejected', decided_at = now(), place_at = now()");

        placeAll(storage);

        assertThat(clip(storage, "rain_01.wav")).isEmpty();
        assertThat(files("rain", 1)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("storages")
    void shouldMakeNoFileOfWhatIsGoneOrLeadsElsewhere(OutputStorage storage) throws Exception {
        UUID gone = job(storage, "gone");
        storage.delete("day/" + gone + "_0.wav");
        take("gone", 1, gone, "gone");
        take("evil", 1, job(storage, "evil"), "../../evil");

        placeAll(storage);

        assertThat(files("gone", 1)).isEmpty();
        assertThat(files("evil", 1)).isEmpty();
        assertThat(storage.size("evil.wav")).isEmpty();
        assertNothingIsDue();
    }

    @Test
    void shouldTryAgainLaterWhenTheStorageIsAway() throws Exception {
        S3Server another = S3Server.start();
        OutputStorage storage = another.storage(temporary.resolve("parts"));
        take("rain", 1, job(storage, "clip"), "rain_01");
        another.close();

        assertThat(placer(storage).step()).isTrue();

        assertThat(jobs.row("select place_at > now() as later from take")).containsEntry("later", true);
        assertThat(placer(storage).step()).isFalse();
    }

    /** A worker that was held up sees at its next step that it has lost the library, and removes nothing. */
    @Test
    void shouldRemoveNothingWhenAnotherWorkerHasTheLibrary() throws Exception {
        OutputStorage folder = Storages.folder(temporary.resolve("outputs"));
        UUID job = job(folder, "clip");
        take("rain", 1, job, "rain_01");
        placeAll(folder);
        jobs.execute("update take set name = 'other', place_at = now()");

        placer(heldUp(folder)).step();

        assertThat(clip(folder, "rain_01.wav")).contains("clip");
        assertThat(files("rain", 1)).contains("libraries/Weather/rain_01.wav", "libraries/Weather/other.wav");
    }

    /** While it copies, another worker takes the library. */
    private OutputStorage heldUp(OutputStorage folder) {
        return (OutputStorage) Proxy.newProxyInstance(
                OutputStorage.class.getClassLoader(),
                new Class<?>[] {OutputStorage.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("copy")) {
                        jobs.execute("update lease set holder = gen_random_uuid()");
                    }
                    return method.invoke(folder, arguments);
                });
    }
}
