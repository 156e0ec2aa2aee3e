package io.wavequeue.e2e;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.wavequeue.message.Topics;
import io.wavequeue.test.MessageSchemas;
import io.wavequeue.test.TopicReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Failed jobs go again, by the packaged programs: as many as were said and for as much as was said, corrected, parked, over a kill
 * in the middle, and out of the topic alone when the database is gone.
 */
class ReplayIT {
    private static final int JOBS = Integer.getInteger("wavequeue.replay.jobs", 150);
    private static final int FAILED = Integer.getInteger("wavequeue.replay.failed", 30);
    private static final int MANY = Integer.getInteger("wavequeue.replay.many", 300);

    private static final Duration LONG = Duration.ofMinutes(5);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final MessageSchemas schemas = new MessageSchemas(Path.of("..", "docs", "schema"));
    private final Map<String, String> environment = new HashMap<>(RunningStack.patientTimes());
    private final Set<String> ids = new HashSet<>();

    @TempDir
    Path data;

    /** The servers are the stack's own on either side of the switch: their data is what this is about. */
    @Test
    void shouldReplayWhatFailedOnceAndForWhatWasSaid() throws Exception {
        environment.put("WAVEQUEUE_SUBMITS_PER_MINUTE", "1000000");
        environment.put("WAVEQUEUE_MAX_IN_FLIGHT", "2000");
        Set<String> broken;
        try (RunningStack stack = RunningStack.up(data, 1, environment)) {
            stack.configureSimulator("{\"latency\":\"fixed:100\"}");
            String batch = shouldShowSixWaysToFail(stack);
            shouldMendOneWayByAnOverride(stack, batch);
            shouldParkTheRestAfterThreeReplays(stack, batch);
            broken = awaitLettersOfTheFailed(stack);
            assertThat(broken).hasSize(FAILED - SixWays.jobs(0, FAILED));
            shouldHaveToldEveryChange(stack);
        }
        delete(data.resolve("postgres"));
        try (RunningStack stack = RunningStack.up(data, 1, environment)) {
            stack.configureSimulator("{\"latency\":\"fixed:100\"}");
            shouldReplayFromTheTopicAlone(stack, broken);
            shouldCarryOnWhenTheApiIsKilledInTheMiddle(stack);
        }
    }

    private String shouldShowSixWaysToFail(RunningStack stack) {
        stack.orderFault(SixWays.FAULTS);
        SixWays ways = new SixWays(stack.upload(BackfillIT.wav(8_000)));
        String batch = enqueue(stack, JOBS, i -> i < FAILED ? ways.failing(i) : ways.fine(i));
        RunningStack.await("all have ended", LONG, () -> {
            JsonNode counts = stack.get("/v1/batches/" + batch).path("counts");
            return counts.path("failed").asInt() == FAILED
                    && counts.path("succeeded").asInt() == JOBS - FAILED;
        });

        JsonNode groups = stack.get("/v1/failures?batch_id=" + batch).path("items");
        assertThat(groups).hasSize(6);
        int counted = 0;
        for (JsonNode group : groups) {
            counted += group.path("jobs").asInt();
        }
        assertThat(counted).isEqualTo(FAILED);
        return batch;
    }

    private void shouldMendOneWayByAnOverride(RunningStack stack, String batch) {
        String order = """
                "filter":{"batch_id":"%s","model":"%s","error_class":"invalid_input"},"input_overrides":{"duration":12}
                """.formatted(batch, SixWays.MODELS.getFirst());
        JsonNode replay = replayAsSaid(stack, order, SixWays.jobs(0, FAILED));
        assertThat(replay.at("/outcomes/succeeded").asInt()).isEqualTo(SixWays.jobs(0, FAILED));
    }

    private void shouldParkTheRestAfterThreeReplays(RunningStack stack, String batch) {
        int rest = FAILED - SixWays.jobs(0, FAILED);
        String all = "\"filter\":{\"batch_id\":\"%s\",\"status\":\"failed\"}".formatted(batch);
        JsonNode unforced = replay(stack, all + ",\"dry_run\":true", 200);
        assertThat(unforced.path("matched").asInt()).isEqualTo(rest);
        assertThat(unforced.at("/skipped/moderated").asInt()).isEqualTo(SixWays.jobs(1, FAILED));

        String forced = all + ",\"force\":[\"moderated\"]";
        for (int times = 1; times <= 3; times++) {
            JsonNode replay = replayAsSaid(stack, forced, rest);
            assertThat(replay.at("/outcomes/failed").asInt()).isEqualTo(rest);
            assertThat(replay.path("same_error").asInt()).isEqualTo(rest);
        }

        BigDecimal before = charged(stack);
        JsonNode parked = await(stack, replay(stack, forced, 202));
        assertThat(parked.path("replayed").asInt()).isZero();
        assertThat(parked.at("/skipped/parked").asInt()).isEqualTo(rest);
        assertThat(charged(stack)).isEqualByComparingTo(before);
        JsonNode job =
                stack.get("/v1/jobs?status=failed&limit=1&batch_id=" + batch).at("/items/0");
        assertThat(job.path("replays")).hasSize(3);
        assertThat(job.path("replay_note").asText()).isEqualTo("replayed 3 times, same error");
    }

    /** The replay takes twenty seconds: the API is killed in the third or fourth. */
    private void shouldCarryOnWhenTheApiIsKilledInTheMiddle(RunningStack stack) {
        stack.orderFault(SixWays.FAULTS);
        String batch = enqueue(stack, MANY, SixWays::oneOfMany);
        RunningStack.await(
                "all have failed",
                LONG,
                () -> stack.get("/v1/batches/" + batch).at("/counts/failed").asInt() == MANY);
        stack.clearFaults();
        BigDecimal before = charged(stack);

        JsonNode begun = replay(
                stack, "\"filter\":{\"batch_id\":\"%s\"},\"rate_per_minute\":%d".formatted(batch, MANY * 3), 202);
        RunningStack.await(
                "it is in the middle",
                () -> stack.get(path(begun)).path("replayed").asInt() >= MANY / 10);
        Instant killed = Instant.now();
        stack.kill("api");
        RunningStack.await("it is started again", stack::isAllReady);

        JsonNode replay = await(stack, begun);
        assertThat(replay.path("replayed").asInt()).isEqualTo(MANY);
        assertThat(replay.at("/outcomes/succeeded").asInt()).isEqualTo(MANY);
        assertThat(charged(stack).subtract(before))
                .isEqualByComparingTo(replay.path("estimated_usd").decimalValue());
        assertThat(accepted(stack, "many "))
                .hasSize(MANY)
                .allSatisfy((prompt, times) -> assertThat(times).as(prompt).isEqualTo(1));
        List<JsonNode> jobs = stack.jobs().stream()
                .filter(job -> job.path("batch_id").asText().equals(batch))
                .toList();
        assertThat(jobs).hasSize(MANY).allSatisfy(job -> assertThat(job.path("replays"))
                .hasSize(1));
        assertThat(jobs.stream()
                        .map(job -> Instant.parse(job.at("/replays/0/at").asText()))
                        .filter(killed::isBefore))
                .as("replayed after the kill")
                .hasSizeBetween(1, MANY - MANY / 10);
    }

    private void shouldReplayFromTheTopicAlone(RunningStack stack, Set<String> broken) {
        assertThat(stack.jobs()).isEmpty();
        Map<String, Integer> before = accepted(stack, "");
        String order = "\"source\":\"dead_letters\",\"force\":[\"moderated\"]";
        JsonNode withoutClip = replay(stack, order + ",\"dry_run\":true", 200);
        assertThat(withoutClip.path("matched").asInt()).isEqualTo(broken.size());
        assertThat(withoutClip.at("/skipped/no_longer_valid").asInt())
                .as("the clip went with the database")
                .isEqualTo(broken.size() - SixWays.jobs(1, FAILED));
        stack.upload(BackfillIT.wav(8_000));

        JsonNode replay = replayAsSaid(stack, order, broken.size());

        assertThat(replay.at("/outcomes/succeeded").asInt()).isEqualTo(broken.size());
        assertThat(stack.jobs().stream().map(job -> job.path("id").asText()))
                .containsExactlyInAnyOrderElementsOf(broken);
        assertThat(stack.jobs())
                .allSatisfy(job -> assertThat(job.path("max_attempts").asInt())
                        .as("as it was asked for")
                        .isEqualTo(1));
        Map<String, Integer> after = accepted(stack, "");
        assertThat(after.keySet()).isEqualTo(before.keySet());
        Map<String, Integer> bought = new HashMap<>();
        after.forEach((prompt, times) -> bought.merge(prompt, times - before.getOrDefault(prompt, 0), Integer::sum));
        bought.values().removeIf(times -> times == 0);
        assertThat(bought).hasSize(broken.size()).allSatisfy((prompt, times) -> {
            assertThat(prompt).startsWith("way ").doesNotStartWith("way 0");
            assertThat(times).isEqualTo(1);
        });
        RunningStack.await("nothing is failed any more", () -> letters(stack).isEmpty());
        assertThat(replay(stack, order + ",\"dry_run\":true", 200)
                        .path("matched")
                        .asInt())
                .isZero();
    }

    /** Dry run first: the replay then does just that, and the ledger says that it cost just that. */
    private JsonNode replayAsSaid(RunningStack stack, String order, int jobs) {
        BigDecimal before = charged(stack);
        JsonNode said = replay(stack, order + ",\"dry_run\":true", 200);
        assertThat(said.path("id").isNull()).isTrue();
        assertThat(said.path("matched").asInt()).isEqualTo(jobs);
        assertThat(charged(stack)).isEqualByComparingTo(before);

        JsonNode done = await(stack, replay(stack, order, 202));

        for (String same : List.of("matched", "skipped", "estimated_usd", "by_error_class", "by_model")) {
            assertThat(done.path(same)).as(same).isEqualTo(said.path(same));
        }
        assertThat(done.path("replayed").asInt()).isEqualTo(jobs);
        assertThat(charged(stack).subtract(before))
                .isEqualByComparingTo(said.path("estimated_usd").decimalValue());
        return done;
    }

    private static JsonNode replay(RunningStack stack, String fields, int expected) {
        return stack.post("/v1/replays", "{" + fields + "}", expected);
    }

    /** Until it is done, and so are the jobs. */
    private static JsonNode await(RunningStack stack, JsonNode replay) {
        RunningStack.await("the replayed jobs have ended", LONG, () -> {
            JsonNode now = stack.get(path(replay));
            return now.path("status").asText().equals("done")
                    && now.at("/outcomes/under_way").asInt() == 0;
        });
        return stack.get(path(replay));
    }

    private static String path(JsonNode replay) {
        return "/v1/replays/" + replay.path("id").asText();
    }

    private String enqueue(RunningStack stack, int jobs, IntFunction<String> job) {
        String file = IntStream.range(0, jobs).mapToObj(job).collect(Collectors.joining(",", "[", "]"));
        String batch = stack.post("/v1/batches?lane=bulk", file, 202).path("id").asText();
        stack.jobs().forEach(made -> ids.add(made.path("id").asText()));
        return batch;
    }

    private static BigDecimal charged(RunningStack stack) {
        return stack.simulator("/admin/ledger?limit=0")
                .at("/totals/charged_usd")
                .decimalValue();
    }

    /** How often the provider accepted each prompt that begins so. */
    private static Map<String, Integer> accepted(RunningStack stack, String beginning) {
        Map<String, Integer> accepted = new HashMap<>();
        for (JsonNode entry : stack.simulator("/admin/ledger").path("entries")) {
            JsonNode input = entry.path("body");
            String prompt = input.path("prompt").asText(input.path("tags").asText());
            if (prompt.startsWith(beginning)) {
                accepted.merge(prompt, 1, Integer::sum);
            }
        }
        return accepted;
    }

    /** The keys whose last record has a value. */
    private Set<String> letters(RunningStack stack) {
        Set<String> letters = new HashSet<>();
        for (ConsumerRecord<byte[], byte[]> record : TopicReader.read(stack.kafka(), Topics.DEAD_LETTERS, ids)) {
            if (record.value() == null) {
                letters.remove(TopicReader.text(record.key()));
            } else {
                letters.add(TopicReader.text(record.key()));
                assertThat(schemas.faults(MessageSchemas.DEAD_LETTER, record.value()))
                        .isEmpty();
            }
        }
        return letters;
    }

    private Set<String> awaitLettersOfTheFailed(RunningStack stack) {
        Set<String> failed = stack.jobs().stream()
                .filter(job -> job.path("status").asText().equals("failed"))
                .map(job -> job.path("id").asText())
                .collect(Collectors.toSet());
        RunningStack.await(
                "the letters are those of the failed", () -> letters(stack).equals(failed));
        return failed;
    }

    /** From the first state of each job to its last without a gap, in the published form, and as often out of failed as it was replayed. */
    private void shouldHaveToldEveryChange(RunningStack stack) {
        Map<String, JsonNode> jobs =
                stack.jobs().stream().collect(toMap(job -> job.path("id").asText(), job -> job));
        assertThat(jobs).hasSize(JOBS);
        RunningStack.await("all is told", () -> {
            Map<String, NavigableMap<Long, JsonNode>> told = told(stack);
            return told.keySet().equals(jobs.keySet())
                    && told.entrySet().stream().allMatch(job -> isToldToItsEnd(jobs.get(job.getKey()), job.getValue()));
        });
        Map<String, NavigableMap<Long, JsonNode>> told = told(stack);
        assertThat(told.keySet()).isEqualTo(jobs.keySet());
        told.forEach((job, changes) -> {
            String state = "null";
            for (JsonNode change : changes.values()) {
                assertThat(change.path("previous_status").asText())
                        .as(changes.toString())
                        .isEqualTo(state);
                state = change.path("status").asText();
            }
            assertThat(replays(changes)).isEqualTo(jobs.get(job).path("replays").size());
        });
    }

    /** Not only to an end that was the same before its last replay. */
    private static boolean isToldToItsEnd(JsonNode job, NavigableMap<Long, JsonNode> changes) {
        return replays(changes) >= job.path("replays").size()
                && changes.lastEntry().getValue().path("status").equals(job.path("status"));
    }

    private static long replays(NavigableMap<Long, JsonNode> changes) {
        return changes.values().stream()
                .filter(change -> change.path("previous_status").asText().equals("failed")
                        && change.path("status").asText().equals("queued"))
                .count();
    }

    /** What lies on the topic of each job, by version. */
    private Map<String, NavigableMap<Long, JsonNode>> told(RunningStack stack) {
        Map<String, NavigableMap<Long, JsonNode>> told = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : TopicReader.read(stack.kafka(), Topics.EVENTS, ids)) {
            assertThat(schemas.faults(MessageSchemas.EVENT, record.value())).isEmpty();
            JsonNode data = data(record);
            told.computeIfAbsent(TopicReader.text(record.key()), job -> new TreeMap<>())
                    .put(data.path("version").asLong(), data);
        }
        return told;
    }

    private static JsonNode data(ConsumerRecord<byte[], byte[]> record) {
        try {
            return JSON.readTree(record.value()).path("data");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
