package io.wavequeue.worker.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.job.JobError;
import io.wavequeue.worker.provider.FailureClassifier.Phase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every row of the table in deploy/docs/failures.md. */
class FailureClassifierTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final Path PAGE = Path.of("..", "deploy", "docs", "failures.md");

    private final FailureClassifier classifier = new FailureClassifier(InstantSource.fixed(NOW));

    /** A result and its detail, in the words of the table. */
    private record Meaning(String result, @Nullable String detail) {
        static Meaning of(SubmitAnswer answer) {
            return switch (answer) {
                case SubmitAnswer.Accepted accepted -> new Meaning("accepted", accepted.predictionId());
                case SubmitAnswer.NotSent notSent ->
                    new Meaning("not sent", notSent.providerAway() ? "provider away" : "ours");
                case SubmitAnswer.Throttled throttled ->
                    new Meaning(
                            "throttled",
                            throttled.retryAfter() == null
                                    ? null
                                    : throttled.retryAfter().toSeconds() + " s");
                case SubmitAnswer.Refused refused ->
                    new Meaning("refused", refused.error().errorClass().code());
                case SubmitAnswer.AccountTrouble trouble ->
                    new Meaning("account trouble", trouble.reason().code());
                case SubmitAnswer.Uncertain uncertain ->
                    new Meaning("uncertain", uncertain.error().errorClass().code());
            };
        }

        static Meaning of(Prediction prediction) {
            return switch (prediction) {
                case Prediction.Open ignored -> new Meaning("open", null);
                case Prediction.Completed ignored -> new Meaning("completed", null);
                case Prediction.Unknown ignored -> new Meaning("unknown", null);
                case Prediction.Unreadable ignored -> new Meaning("unreadable", null);
                case Prediction.Failed failed -> of(failed.error());
            };
        }

        private static Meaning of(JobError error) {
            return new Meaning(
                    error.retryable() ? "failed, retryable" : "failed",
                    error.errorClass().code());
        }
    }

    @ParameterizedTest(name = "{0} {1} {2} {3}: {4}")
    @CsvFileSource(resources = "/failures.csv", delimiter = '|', quoteCharacter = '`', numLinesToSkip = 1)
    void shouldMeanWhatTheTableSays(
            String phase,
            @Nullable Integer status,
            @Nullable String retryAfter,
            @Nullable String body,
            String result,
            @Nullable String detail) {
        Meaning meaning =
                switch (phase) {
                    case "submit" -> Meaning.of(classifier.submit(answer(status, retryAfter, body)));
                    case "poll" -> Meaning.of(classifier.prediction(look(status, body)));
                    case "connect" -> Meaning.of(classifier.broken(Phase.CONNECTING, "refused"));
                    case "gate" -> Meaning.of(classifier.broken(Phase.TOO_LATE, "closed"));
                    case "sent" ->
                        Meaning.of(
                                "no answer in time".equals(body)
                                        ? classifier.noAnswerWithin(Duration.ofSeconds(120))
                                        : classifier.broken(Phase.SENT, "reset"));
                    default -> throw new IllegalArgumentException("phase " + phase);
                };

        assertThat(meaning).isEqualTo(new Meaning(result, detail));
    }

    /** What a look leaves out of a body must not matter. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'code':200,'message':'success','data':{'id':'x','model':'a/b','input':{'status':'failed','data':[{}]},"
                        + "'outputs':['https://cdn/1.mp3',{'url':'https://cdn/2.mp3'}],'urls':{'get':'u'},"
                        + "'has_nsfw_contents':[false],'status':'Completed','error':'','timings':{'inference':1234}}}",
                "{'id':'x','outputs':['https://cdn/1.mp3'],'executionTime':77,'status':'completed'}",
                "{'data':{'status':'failed','code':1200,'error':'why'},'message':'success','code':200}",
                "{'data':{'status':'processing'},'data':{'status':'failed','error':{'message':'x'}}}",
                "{'code':200,'data':{'status':'completed','outputs':null,'error':null,'timings':null}}",
                "{'code':200,'data':{'data':{'status':'completed'}}}",
                "{'code':500,'detail':'oops'}",
                "{'code':'404','data':[{'status':'completed'}]}",
                "{'code':200,'data':'processing'}",
                "{'code':200,'data':{'status':'processing'}",
                "{'code':200,'data':{'status':'processing','urls':{",
                "{'code':200,'data':{'status':'processing'},}",
                "{'data':{'status':'processing'}} trailing",
                "[{'status':'completed'}]",
                "null",
                "'processing'",
                " "
            })
    void shouldSeeTheSameInWhatALookReads(String body) {
        byte[] bytes = body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);

        assertThat(classifier.prediction(Answer.ofLook(200, null, bytes)))
                .isEqualTo(classifier.prediction(Answer.of(200, null, bytes)));
    }

    private static Answer look(@Nullable Integer status, @Nullable String body) {
        if (status == null) {
            throw new IllegalArgumentException("an answer has a status");
        }
        return Answer.ofLook(status, null, (body == null ? "" : body).getBytes(StandardCharsets.UTF_8));
    }

    private static Answer answer(@Nullable Integer status, @Nullable String retryAfter, @Nullable String body) {
        if (status == null) {
            throw new IllegalArgumentException("an answer has a status");
        }
        return Answer.of(status, retryAfter, (body == null ? "" : body).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void shouldBeThePagesTable() throws IOException {
        List<List<String>> page = Files.readAllLines(PAGE).stream()
                .dropWhile(line -> !line.startsWith("| phase |"))
                .skip(2)
                .filter(line -> line.startsWith("|"))
                .map(line -> cells(line.substring(1, line.lastIndexOf('|')).replace("`", "")))
                .toList();

        assertThat(page).isEqualTo(table());
    }

    private static List<List<String>> table() throws IOException {
        try (InputStream file = FailureClassifierTest.class.getResourceAsStream("/failures.csv")) {
            assertThat(file).isNotNull();
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .skip(1)
                    .map(FailureClassifierTest::cells)
                    .toList();
        }
    }

    private static List<String> cells(String line) {
        return Arrays.stream(line.split("\\|", -1)).map(String::strip).toList();
    }
}
