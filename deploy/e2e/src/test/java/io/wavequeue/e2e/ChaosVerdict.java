package io.wavequeue.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.wavequeue.message.Topics;
import io.wavequeue.simulator.Simulator;
import io.wavequeue.simulator.account.Ledger;
import io.wavequeue.simulator.account.LedgerEntry;
import io.wavequeue.test.TopicReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;

/** What must hold at the end of a chaos run, by the provider's ledger, the rows, the files and the topics. */
final class ChaosVerdict {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration SUMS_WITHIN = Duration.ofSeconds(30);

    private static final String NOT_ENDED = """
            select count(*)
            from job
            where status not in ('succeeded', 'failed', 'cancelled')
              and not (status = 'held' and hold_reason = 'uncertain_submission')
            """;

    private static final String UNPUBLISHED = """
            select count(*)
            from event e, event_cursor c
            where (e.xid, e.id) > (c.xid, c.event_id)
            """;

    private static final String HELD_WITHOUT_CANDIDATE = """
            select j.id::text as id
            from job j
            where j.status = 'held'
              and not exists (select 1 from candidate c where c.job_id = j.id and c.attempt = j.attempt)
            """;

    private static final String ATTEMPTS = """
            select a.job_id::text as job, a.number, a.status, a.prediction_id, j.status as job_status, j.attempt as last,
                   a.claimed_at::text, a.submitted_at::text, a.accepted_at::text, w.pid, w.ended_at::text, w.end_reason,
                   p.input::json ->> 'prompt' as prompt, p.input::json ->> 'tags' as tags
            from attempt a
            join job j on j.id = a.job_id
            join job_payload p on p.job_id = a.job_id
            join worker w on w.id = a.worker_id
            order by a.job_id, a.number
            """;

    private static final String CANDIDATES = """
            select distinct c.prediction_id
            from candidate c
            join job j on j.id = c.job_id and j.attempt = c.attempt
            where j.status = 'held'
            """;

    private final ChaosPlan plan;
    private final Rows rows;
    private final Simulator provider;
    private final RunningStack stack;
    private final List<String> ids;
    private final Map<String, Long> faults;
    private final Map<Blow, Integer> blows;
    private final List<String> complaints = new ArrayList<>();

    ChaosVerdict(
            ChaosPlan plan,
            Rows rows,
            Simulator provider,
            RunningStack stack,
            List<String> ids,
            Map<String, Long> faults,
            Map<Blow, Integer> blows) {
        this.plan = plan;
        this.rows = rows;
        this.provider = provider;
        this.stack = stack;
        this.ids = ids;
        this.faults = faults;
        this.blows = blows;
    }

    /** What does not hold; empty when all is well. */
    List<String> complaints() throws IOException {
        jobsEnd();
        Ledger ledger = provider.ledger();
        List<Map<String, Object>> attempts = rows.of(ATTEMPTS);
        Set<String> candidates = rows.of(CANDIDATES).stream()
                .map(row -> (String) row.get("prediction_id"))
                .collect(Collectors.toSet());
        eachPredictionHasItsJob(ledger, attempts, candidates);
        eachJobIsPaidOnce(ledger, attempts);
        sumsAgree(ledger, candidates);
        filesAreWhole();
        lettersAreTheFailed();
        return complaints;
    }

    private void jobsEnd() {
        complainUnless(
                ids.stream().distinct().count() == plan.jobs()
                        && rows.number("select count(*) from job") == plan.jobs(),
                plan.jobs() + " jobs were asked for; there are " + rows.number("select count(*) from job"));
        boolean ended;
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", stack.kafka()))) {
            ended = RunningStack.within(
                    plan.within(),
                    () -> rows.number(NOT_ENDED) == 0
                            && rows.number("select count(*) from output where archived_at is null") == 0
                            && isToldOnTheTopicsOf(admin)
                            && rows.number(UNPUBLISHED) == 0);
        }
        complainUnless(
                ended,
                "not ended in time: %d jobs, %d outputs not archived, %d events not published; for example %s"
                        .formatted(
                                rows.number(NOT_ENDED),
                                rows.number("select count(*) from output where archived_at is null"),
                                rows.number(UNPUBLISHED),
                                rows.of("select id::text, status, hold_reason, error_message, worker_id::text,"
                                        + " updated_at::text from job where status not in ('succeeded', 'failed')"
                                        + " limit 5")));
        List<Map<String, Object>> unexplained = rows.of(HELD_WITHOUT_CANDIDATE);
        complainUnless(unexplained.isEmpty(), "held without a candidate: " + unexplained);
    }

    /** Until a publisher has noticed that a topic was deleted, the cursor is that of the old one. */
    private boolean isToldOnTheTopicsOf(Admin admin) throws ExecutionException, InterruptedException {
        Map<String, TopicDescription> topics = admin.describeTopics(List.of(Topics.EVENTS, Topics.DEAD_LETTERS))
                .allTopicNames()
                .get();
        return rows.of("select events_topic, letters_topic from event_cursor")
                .equals(List.of(Map.of(
                        "events_topic", topics.get(Topics.EVENTS).topicId().toString(),
                        "letters_topic",
                                topics.get(Topics.DEAD_LETTERS).topicId().toString())));
    }

    /** Nothing that the provider made is nobody's: so nothing that counts as not created was accepted. */
    private void eachPredictionHasItsJob(Ledger ledger, List<Map<String, Object>> attempts, Set<String> candidates) {
        Map<String, Map<String, Object>> known = new HashMap<>();
        attempts.stream()
                .filter(attempt -> attempt.get("prediction_id") != null)
                .forEach(attempt -> known.put((String) attempt.get("prediction_id"), attempt));
        Set<String> made = new HashSet<>();
        for (LedgerEntry entry : ledger.entries()) {
            made.add(entry.predictionId());
            Map<String, Object> attempt = known.get(entry.predictionId());
            String cue = cue(entry);
            if (attempt == null) {
                complainUnless(
                        candidates.contains(entry.predictionId()),
                        "prediction %s (%s, accepted %s, %s) belongs to no job; the jobs that ask for it: %s"
                                .formatted(
                                        entry.predictionId(),
                                        cue,
                                        entry.acceptedAt(),
                                        entry.status(),
                                        of(attempts, cue)));
            } else {
                complainUnless(
                        cue.equals(cue(attempt)),
                        "prediction %s was made for %s and is held by %s"
                                .formatted(entry.predictionId(), cue, attempt));
            }
            complainUnless(entry.charges() == 1, "charged " + entry.charges() + " times: " + entry);
        }
        known.forEach((prediction, attempt) ->
                complainUnless(made.contains(prediction), "no such prediction in the ledger: " + attempt));
    }

    /** Another prediction of the same job only after the one before it had failed at the provider. */
    private void eachJobIsPaidOnce(Ledger ledger, List<Map<String, Object>> attempts) {
        Map<String, String> statuses =
                ledger.entries().stream().collect(Collectors.toMap(LedgerEntry::predictionId, LedgerEntry::status));
        for (Map<String, Object> attempt : attempts) {
            boolean last = attempt.get("number").equals(attempt.get("last"));
            String status = (String) attempt.get("status");
            String atProvider = statuses.getOrDefault((String) attempt.get("prediction_id"), "");
            boolean fine =
                    switch (status) {
                        case "not_created" -> atProvider.isEmpty();
                        case "failed" -> !atProvider.isEmpty() && !atProvider.equals("completed");
                        case "completed" -> last && atProvider.equals("completed");
                        case "uncertain" -> last && "held".equals(attempt.get("job_status"));
                        case "refused" -> last && atProvider.isEmpty();
                        default -> false;
                    };
            complainUnless(fine, "the provider says \"" + atProvider + "\" of " + attempt);
            complainUnless(
                    !last || !"succeeded".equals(attempt.get("job_status")) || status.equals("completed"),
                    "succeeded without a completed attempt: " + attempt);
        }
    }

    /** What was charged for predictions that wait for a person is in the ledger and not in our sum. */
    private void sumsAgree(Ledger ledger, Set<String> candidates) {
        BigDecimal unassigned = ledger.entries().stream()
                .filter(entry -> candidates.contains(entry.predictionId()))
                .filter(entry -> rows.of("select 1 from attempt where prediction_id = ?", entry.predictionId())
                        .isEmpty())
                .map(LedgerEntry::priceUsd)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        RunningStack.within(
                SUMS_WITHIN,
                () -> refunded().compareTo(provider.totals().refundedUsd()) == 0
                        && charged().add(unassigned).compareTo(provider.totals().chargedUsd()) == 0);
        Ledger.Totals totals = provider.totals();
        complainUnless(
                charged().add(unassigned).compareTo(totals.chargedUsd()) == 0,
                "charged: the provider says %s, we say %s, and %s waits for a person"
                        .formatted(totals.chargedUsd(), charged(), unassigned));
        complainUnless(
                refunded().compareTo(totals.refundedUsd()) == 0,
                "refunded: the provider says %s, we say %s".formatted(totals.refundedUsd(), refunded()));
    }

    private BigDecimal charged() {
        return rows.usd("select coalesce(sum(charged_usd), 0) from attempt");
    }

    private BigDecimal refunded() {
        return rows.usd("select coalesce(sum(refunded_usd), 0) from attempt");
    }

    private void filesAreWhole() throws IOException {
        List<Map<String, Object>> outputs = rows.of("select job_id::text, file, bytes, sha256 from output");
        for (Map<String, Object> output : outputs) {
            Path file = stack.outputs().resolve(String.valueOf(output.get("file")));
            boolean whole = Files.exists(file)
                    && Files.size(file) == ((Number) output.get("bytes")).longValue()
                    && sha256(file).equals(output.get("sha256"));
            complainUnless(whole, "the file is not what its row says: " + output);
        }
        long without = rows.number("select count(*) from job j where status = 'succeeded'"
                + " and not exists (select 1 from output o where o.job_id = j.id)");
        complainUnless(without == 0, without + " jobs succeeded without an output");
    }

    private void lettersAreTheFailed() {
        Set<String> failed = rows.of("select id::text as id from job where status = 'failed'").stream()
                .map(row -> (String) row.get("id"))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> letters = new TreeSet<>();
        TopicReader.read(stack.kafka(), Topics.DEAD_LETTERS, new HashSet<>(ids)).forEach(letter -> {
            String id = TopicReader.text(letter.key());
            if (letter.value() == null) {
                letters.remove(id);
            } else {
                letters.add(id);
            }
        });
        complainUnless(letters.equals(failed), "failed jobs " + failed + ", dead letters " + letters);
    }

    /** The counts, as a table. */
    String table(double seconds) {
        Ledger.Totals totals = provider.totals();
        StringBuilder table = new StringBuilder("| what | count |\n|---|---|\n");
        line(table, "seed", plan.seed());
        line(table, "jobs (workers)", plan.jobs() + " (" + plan.workers() + ")");
        rows.of("select status, count(*) as n from job group by status order by 1")
                .forEach(row -> line(table, "jobs " + row.get("status"), row.get("n")));
        blows.forEach((blow, times) -> line(table, blow.text(), times));
        faults.forEach((fault, times) -> line(table, "fault " + fault, times));
        line(table, "submits received", provider.stats().submitsReceived());
        line(table, "accepted", totals.accepted());
        line(table, "charged USD: provider, ours", totals.chargedUsd() + ", " + charged());
        line(table, "refunded USD: provider, ours", totals.refundedUsd() + ", " + refunded());
        line(table, "submits uncertain", changes("status = 'uncertain'"));
        line(table, "found in the history", changes("previous_status = 'uncertain' and status = 'running'"));
        line(table, "proved not created", changes("previous_status = 'uncertain' and status in ('queued', 'failed')"));
        line(table, "held for a person", changes("previous_status = 'uncertain' and status = 'held'"));
        line(table, "workers declared dead", rows.number("select count(*) from worker where end_reason = 'silent'"));
        line(table, "outputs archived", rows.number("select count(*) from output where archived_at is not null"));
        line(table, "seconds", "%.0f".formatted(seconds));
        return table.toString();
    }

    private long changes(String condition) {
        return rows.number("select count(*) from event where not letter_only and " + condition);
    }

    private static void line(StringBuilder table, String what, Object count) {
        table.append("| ").append(what).append(" | ").append(count).append(" |\n");
    }

    private void complainUnless(boolean holds, String complaint) {
        if (!holds) {
            complaints.add(complaint);
        }
    }

    private static List<Map<String, Object>> of(List<Map<String, Object>> attempts, String cue) {
        return attempts.stream().filter(attempt -> cue.equals(cue(attempt))).toList();
    }

    private static String cue(Map<String, Object> attempt) {
        Object prompt = attempt.get("prompt");
        return String.valueOf(prompt == null ? attempt.get("tags") : prompt);
    }

    private static String cue(LedgerEntry entry) {
        try {
            JsonNode body = JSON.readTree(entry.body());
            return body.path(body.has("prompt") ? "prompt" : "tags").asText();
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    private static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
