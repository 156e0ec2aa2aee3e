package io.wavequeue.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.job.JobStatus;
import io.wavequeue.job.Lane;
import io.wavequeue.store.ArchiveStore.ArchivedFile;
import io.wavequeue.store.ArchiveStore.Filed;
import io.wavequeue.store.EventStore.Batch;
import io.wavequeue.store.JobEvent;
import io.wavequeue.store.StoreFixture;
import io.wavequeue.test.MessageSchemas;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every edge of the state diagram in the real table, and the records that come of it, by their published schemas. */
class EveryChangeIT {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final MessageSchemas schemas = new MessageSchemas(Path.of("..", "deploy", "docs", "schema"));
    private StoreFixture store;

    @BeforeEach
    void open() {
        store = new StoreFixture();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private record Edge(JobStatus from, JobStatus to) {
        static List<Edge> all() {
            return Arrays.stream(JobStatus.values())
                    .flatMap(from -> Arrays.stream(JobStatus.values())
                            .filter(from::mayBecome)
                            .map(to -> new Edge(from, to)))
                    .toList();
        }
    }

    /** One statement for all jobs, as the table's checks want it. */
    private void become(List<UUID> jobs, List<JobStatus> states) {
        String rows = String.join(
                ",",
                IntStream.range(0, jobs.size())
                        .mapToObj(i -> "('%s'::uuid, '%s')"
                                .formatted(jobs.get(i), states.get(i).code()))
                        .toList());
        store.execute("""
                update job j
                set status = n.status, version = j.version + 1,
                    hold_reason = case n.status when 'held' then 'uncertain_submission' end,
                    worker_id = case when n.status in ('submitting', 'running') then gen_random_uuid() end,
                    dispatch_at = case n.status when 'queued' then now() end,
                    settled_at = case when n.status in ('succeeded', 'failed', 'cancelled') then now() end,
                    error_class = e.class, error_message = e.message, error_retryable = e.retryable
                from (values %s) as n(id, status)
                left join (values ('failed', 'provider_error', 'it broke', true),
                                  ('held', 'uncertain_submission', 'a person decides', false))
                       as e(status, class, message, retryable) on e.status = n.status
                where j.id = n.id
                """.formatted(rows));
    }

    /** Until nothing is left: an older transaction of the server's own is waited for. */
    private List<JobEvent> events() {
        List<JobEvent> all = new ArrayList<>();
        Awaitility.await("all events to be taken")
                .atMost(DEADLINE)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> {
                    store.events.take(1_000, DEADLINE).ifPresent((Batch batch) -> {
                        assertThat(store.events.published(batch)).isTrue();
                        all.addAll(batch.events());
                    });
                    return store.events.oldestUnpublished().isEmpty();
                });
        return all;
    }

    /** What would be sent, after a look at it by the schemas. */
    private List<ProducerRecord<byte[], byte[]>> records(List<JobEvent> events) {
        EventRecords form = new EventRecords(store.accounts.installationId());
        return events.stream()
                .flatMap(event -> form.of(event).stream())
                .peek(record -> {
                    if (record.value() != null) {
                        assertThat(schemas.faults(
                                        record.topic().equals(Topics.EVENTS)
                                                ? MessageSchemas.EVENT
                                                : MessageSchemas.DEAD_LETTER,
                                        record.value()))
                                .isEmpty();
                    }
                })
                .toList();
    }

    private static String told(JobEvent event) {
        return "%s %s>%s"
                .formatted(
                        event.jobId(),
                        event.change().previousStatus(),
                        event.change().status());
    }

    @Test
    void shouldTellEveryEdgeOfTheStateDiagramOnce() {
        List<Edge> edges = Edge.all();
        assertThat(edges)
                .contains(
                        new Edge(JobStatus.FAILED, JobStatus.QUEUED),
                        new Edge(JobStatus.CANCELLED, JobStatus.QUEUED),
                        new Edge(JobStatus.SUCCEEDED, JobStatus.QUEUED));
        List<UUID> jobs = store.enqueue(edges.size(), Lane.BULK);
        store.execute("update job set batch_id = gen_random_uuid(), reference = 'hit_01', attempt = 1");
        store.execute("update job_payload set labels = '{\"scene\":\"cave\"}'");
        store.execute("""
                insert into attempt (job_id, number, status, worker_id, prediction_id, submitted_at, accepted_at, completed_at,
                                     polls, inference_ms, charged_usd, budget_day, error_class, error_message, error_retryable)
                select id, 1, 'failed', gen_random_uuid(), id, now(), now(), now(), 3, 900, 0.0217, current_date,
                       'provider_error', 'it broke', true
                from job
                """);
        become(jobs, edges.stream().map(Edge::from).toList());
        records(events());

        become(jobs, edges.stream().map(Edge::to).toList());

        List<JobEvent> events = events();
        assertThat(events)
                .extracting(EveryChangeIT::told)
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, edges.size())
                        .mapToObj(i -> "%s %s>%s"
                                .formatted(
                                        jobs.get(i),
                                        edges.get(i).from().code(),
                                        edges.get(i).to().code()))
                        .toList());
        List<ProducerRecord<byte[], byte[]>> letters = records(events).stream()
                .filter(record -> record.topic().equals(Topics.DEAD_LETTERS))
                .toList();
        assertThat(letters.stream().filter(record -> record.value() != null))
                .as("letters")
                .hasSize((int) edges.stream()
                        .filter(edge -> edge.to() == JobStatus.FAILED)
                        .count());
        assertThat(letters.stream().filter(record -> record.value() == null))
                .as("tombstones")
                .hasSize((int) edges.stream()
                        .filter(edge -> edge.from() == JobStatus.FAILED)
                        .count());
    }

    /** Who writes, and which columns a statement names, makes no difference. */
    @Test
    void shouldTellWhateverStatementChangesAJob() {
        assertThat(store.texts("""
                select tgname || ' ' || tgenabled::text || ' ' || cardinality(tgattr::int2[]) || ' ' || (tgqual is null)
                from pg_trigger
                where tgrelid = 'job'::regclass
                  and not tgisinternal
                order by tgname
                """)).containsExactly("job_added_events O 0 true", "job_changed_events O 0 true");
        List<UUID> jobs = store.enqueue(2, Lane.INTERACTIVE);
        become(jobs, List.of(JobStatus.HELD, JobStatus.RUNNING));
        records(events());

        store.execute(
                "update job set hold_reason = 'budget', version = version + 1 where id = '" + jobs.getFirst() + "'");
        store.execute(
                "update job set cancel_requested = true, version = version + 1 where id = '" + jobs.getLast() + "'");

        List<JobEvent> events = events();
        records(events);
        assertThat(events)
                .extracting(EveryChangeIT::told)
                .containsExactly(jobs.getFirst() + " held>held", jobs.getLast() + " running>running");
    }

    @Test
    void shouldTellWhatIsArchivedByTheNumbersOfTheApiWhenAnOutputWasLost() {
        UUID job = store.enqueue(1, Lane.BULK).getFirst();
        become(List.of(job), List.of(JobStatus.SUCCEEDED));
        store.execute("""
                insert into output (job_id, number, attempt, url, lost_at, error, archive_at)
                values ('%1$s', 0, 1, 'https://cdn/a.wav', now(), 'the link failed', null),
                       ('%1$s', 1, 1, 'https://cdn/b.wav', null, null, now())
                """.formatted(job));
        records(events());

        store.archive.archived(
                store.archive.take(UUID.randomUUID(), 10, DEADLINE).stream()
                        .map(output -> new Filed(
                                output, new ArchivedFile("day/1.wav", "audio/wav", 10, "0123456789abcdef".repeat(4))))
                        .toList(),
                false);

        List<ProducerRecord<byte[], byte[]>> records = records(events());
        assertThat(records.stream().map(record -> new String(record.value(), StandardCharsets.UTF_8)))
                .singleElement()
                .asString()
                .contains("\"type\":\"io.wavequeue.job.archived\"")
                .contains("\"outputs\":[{\"n\":1,\"file\":\"day/1.wav\"");
    }
}
