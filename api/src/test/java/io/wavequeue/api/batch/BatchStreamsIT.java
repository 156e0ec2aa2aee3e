package io.wavequeue.api.batch;

import static io.wavequeue.test.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.wavequeue.api.BatchFiles;
import io.wavequeue.api.Tables;
import io.wavequeue.api.http.ProblemException;
import io.wavequeue.store.BatchEvents;
import io.wavequeue.store.BatchEvents.Place;
import io.wavequeue.store.BatchStore;
import io.wavequeue.store.view.JobViews;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The loop of streams, turned by hand. */
@QuarkusTest
class BatchStreamsIT {
    private static final Instant NOW = Instant.parse("2026-01-31T18:30:00Z");
    private static final String LINE = "{\"model\":\"stability-ai/stable-audio-3/music\",\"input\":{\"prompt\":\"x\"}}";
    private static final Pattern JOB = Pattern.compile("event: job\ndata: \\{\"id\":\"([^\"]+)\"");

    @Inject
    Tables tables;

    @Inject
    AgroalDataSource pool;

    @Inject
    BatchEvents events;

    @Inject
    BatchStore batches;

    @Inject
    JobViews jobs;

    @Inject
    ObjectMapper json;

    private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
    private BatchStreams streams;

    @BeforeEach
    void anEmptyDatabase() {
        tables.empty();
        streams = new BatchStreams(events, batches, jobs, json, now::get, () -> 2, new SimpleMeterRegistry());
    }

    private static UUID batch(int size) {
        return UUID.fromString(BatchFiles.post("", Collections.nCopies(size, LINE)));
    }

    private void endAll() {
        tables.run(
                "update job set status = 'cancelled', dispatch_at = null, settled_at = now(), version = version + 1");
    }

    private void stepToTheEnd() {
        boolean isMore = true;
        while (isMore) {
            isMore = streams.step();
        }
    }

    /** Until nothing more fits: what other databases of the server do may hold events back for a moment. */
    private void fill(BatchStream stream) {
        await().until(() -> {
            stepToTheEnd();
            return !stream.hasRoom(NOW);
        });
    }

    /** All that is written until the stream ends, while the loop is turned. */
    private String whole(BatchStream stream) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Thread reader = Thread.ofVirtual().start(() -> write(stream, bytes));
        await().until(() -> {
            stepToTheEnd();
            return !reader.isAlive();
        });
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static void write(BatchStream stream, OutputStream to) {
        try {
            stream.writeTo(to);
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    private static List<String> jobs(String text) {
        return JOB.matcher(text).results().map(found -> found.group(1)).toList();
    }

    @Test
    void shouldReadOnceForAllWhoAreAtTheSamePlace() {
        UUID batch = batch(300);
        BatchStream one = streams.open(batch, null, () -> {});
        BatchStream two = streams.open(batch, null, () -> {});
        endAll();
        stepToTheEnd();
        assertThat(one.place()).isEqualTo(two.place());

        String text = whole(one);

        assertThat(jobs(text)).hasSize(300).doesNotHaveDuplicates();
        assertThat(text).contains("id: done\nevent: done\n").endsWith("\n\n");
        assertThat(jobs(whole(two))).isEqualTo(jobs(text));
    }

    @Test
    void shouldRefuseOneMoreUntilAnotherIsClosed() {
        UUID batch = batch(1);
        BatchStream one = streams.open(batch, null, () -> {});
        streams.open(batch, null, () -> {});
        assertThatThrownBy(() -> streams.open(batch, null, () -> {}))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("2 streams of events are open");

        one.close();
        assertThat(streams.open(batch, null, () -> {}).isClosed()).isFalse();
    }

    @Test
    void shouldReadForASlowOneOnlyAsFarAsItReads() {
        BatchStream slow = streams.open(batch(1_000), null, () -> {});
        endAll();
        fill(slow);
        Place behind = slow.place();
        stepToTheEnd();
        assertThat(slow.place()).isEqualTo(behind);
        assertThat(slow.hasRoom(NOW)).isFalse();

        assertThat(jobs(whole(slow))).hasSize(1_000).doesNotHaveDuplicates();
    }

    @Test
    void shouldCutOffOneThatNobodyReads() throws Exception {
        AtomicBoolean isCut = new AtomicBoolean();
        BatchStream stuck = streams.open(batch(1_000), null, () -> isCut.set(true));
        Semaphore never = new Semaphore(0);
        Thread reader = Thread.ofVirtual().start(() -> write(stuck, new Blocked(never)));
        endAll();
        fill(stuck);
        now.set(NOW.plusSeconds(60));
        streams.step();
        assertThat(isCut).isFalse();
        now.set(NOW.plusSeconds(61));
        streams.step();

        assertThat(isCut).isTrue();
        assertThat(stuck.isClosed()).isTrue();
        never.release();
        reader.join();
    }

    /** The connection of somebody who does not read. */
    private static final class Blocked extends OutputStream {
        private final Semaphore until;

        Blocked(Semaphore until) {
            this.until = until;
        }

        @Override
        public void write(int b) {
            until.acquireUninterruptibly();
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            until.acquireUninterruptibly();
        }
    }

    @Test
    void shouldEndOnlyWhenWhatIsStillHeldBackHasCome() throws Exception {
        UUID batch = batch(2);
        BatchStream stream = streams.open(batch, null, () -> {});
        try (Connection older = pool.getConnection();
                Statement statement = older.createStatement()) {
            older.setAutoCommit(false);
            statement.execute("set local idle_in_transaction_session_timeout = 0");
            statement.execute("select pg_current_xact_id()");
            endAll();
            stepToTheEnd();
            assertThat(stream.place().xid()).isLessThan(events.horizon().next());
            older.rollback();
        }

        String text = whole(stream);
        assertThat(jobs(text)).hasSize(2);
        assertThat(text).contains("\"counts\":{\"total\":2,\"queued\":0").contains("id: done\nevent: done\n");
    }

    @Test
    void shouldEndTheStreamsOfABatchThatIsGone() {
        BatchStream stream = streams.open(UUID.randomUUID(), null, () -> {});
        assertThat(whole(stream)).isEmpty();
    }

    @Test
    void shouldBeginNowWhenThePlaceIsOfAnotherDatabase() {
        BatchStream stream = streams.open(batch(1), new Place(1L << 60, 1), () -> {});
        assertThat(stream.place().xid()).isLessThan(1L << 60);
    }
}
