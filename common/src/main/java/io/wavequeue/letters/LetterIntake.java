package io.wavequeue.letters;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.admission.Admission;
import io.wavequeue.admission.AdmissionResult;
import io.wavequeue.admission.CanonicalJson;
import io.wavequeue.admission.InputKeys;
import io.wavequeue.admission.JsonRead;
import io.wavequeue.admission.MergePatch;
import io.wavequeue.admission.RequestForm;
import io.wavequeue.admission.StrictJson;
import io.wavequeue.catalogue.Catalogue;
import io.wavequeue.catalogue.FieldError;
import io.wavequeue.catalogue.TextCheck;
import io.wavequeue.job.Lane;
import io.wavequeue.job.NewJob;
import io.wavequeue.message.DeadLetterReader;
import io.wavequeue.store.LetterRow;
import io.wavequeue.store.LetterRow.Evidence;
import io.wavequeue.store.LetterRow.Keys;
import io.wavequeue.store.LetterSpool;
import io.wavequeue.store.LetterSpool.Key;
import io.wavequeue.store.LetterSpool.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Puts what lies on the topic on a spool, some hundreds at a time: priced where the catalogue takes it as it is.
 *
 * <p>A failed job was admitted once, and is a job again whatever the catalogue says of it today. Of another service's request
 * everything but the input must be right; what is wrong with that can be mended by an override, and keeps it from being
 * replayed otherwise.
 */
final class LetterIntake implements DeadLetterReader.Taker {
    private static final int AT_ONCE = 500;
    private static final int LONGEST_MODEL = 200;

    private final LetterParser parser;
    private final Admission admission;
    private final Catalogue catalogue;
    private final LetterSpool spool;
    private final @Nullable JsonNode overrides;
    private final Map<String, InputKeys> keys = new HashMap<>();
    private final List<Waiting> waiting = new ArrayList<>();

    private record Waiting(Key key, ReadLetter.Request letter) {}

    /** @param overrides JSON merge patch of every input; null = none */
    LetterIntake(
            LetterParser parser,
            Admission admission,
            Catalogue catalogue,
            LetterSpool spool,
            @Nullable JsonNode overrides) {
        this.parser = parser;
        this.admission = admission;
        this.catalogue = catalogue;
        this.spool = spool;
        this.overrides = overrides;
    }

    @Override
    public void take(ConsumerRecord<byte[], byte[]> record) throws IOException {
        byte[] bytes = record.key() == null ? new byte[0] : record.key();
        Key key = new Key(bytes, LetterParser.text(bytes));
        switch (parser.read(record)) {
            case ReadLetter.Refused refused ->
                spool.refused(key, refused.jobId(), refused.failedAt(), refused.reason(), refused.message());
            case ReadLetter.Request request -> waiting.add(new Waiting(key, request));
        }
        if (waiting.size() >= AT_ONCE) {
            admit();
        }
    }

    /** There are no more. */
    void end() throws IOException {
        admit();
    }

    private void admit() throws IOException {
        Map<RequestForm, List<Waiting>> byForm = waiting.stream()
                .collect(Collectors.groupingBy(one -> one.letter().form()));
        for (Map.Entry<RequestForm, List<Waiting>> alike : byForm.entrySet()) {
            admit(alike.getValue(), alike.getKey());
        }
        waiting.clear();
    }

    private void admit(List<Waiting> alike, RequestForm form) throws IOException {
        List<AdmissionResult> results = admission.admit(
                alike.stream()
                        .map(one -> new Admission.Candidate(
                                one.letter().id(), one.letter().request()))
                        .toList(),
                form);
        for (int i = 0; i < results.size(); i++) {
            put(alike.get(i).key(), alike.get(i).letter(), results.get(i));
        }
    }

    private void put(Key key, ReadLetter.Request letter, AdmissionResult result) throws IOException {
        switch (result) {
            case AdmissionResult.Admitted admitted ->
                add(key, letter, admitted.job(), CanonicalJson.sha256(admitted.effective()));
            case AdmissionResult.Refused refused
            when refused.errors().stream().allMatch(error -> isOfNoMatter(letter, error)) -> addUnpriced(key, letter);
            case AdmissionResult.Refused refused -> refuse(key, letter, text(refused.errors()));
        }
    }

    /** Of what was admitted once, the catalogue may have lost the model. */
    private static boolean isOfNoMatter(ReadLetter.Request letter, FieldError error) {
        JsonNode model = letter.request().path(RequestForm.MODEL);
        return error.field().startsWith(RequestForm.INPUT + ".")
                || (letter.isOurs()
                        && error.field().equals(RequestForm.MODEL)
                        && model.isTextual()
                        && TextCheck.lineProblem(model.textValue(), LONGEST_MODEL)
                                .isEmpty());
    }

    /** What is around its input was found to be right. */
    private static NewJob unpriced(UUID id, ObjectNode request) {
        JsonNode batch = request.path("batch_id");
        NewJob.Tag tag = new NewJob.Tag(
                request.path(RequestForm.REFERENCE).asText(null),
                batch.isTextual() ? UUID.fromString(batch.textValue()) : null);
        return new NewJob(
                id,
                request.path(RequestForm.MODEL).textValue(),
                Lane.INTERACTIVE.code().equals(request.path(RequestForm.LANE).asText()) ? Lane.INTERACTIVE : Lane.BULK,
                StrictJson.write(request.path(RequestForm.INPUT)),
                request.hasNonNull(RequestForm.LABELS) ? StrictJson.write(request.path(RequestForm.LABELS)) : "{}",
                tag,
                request.path(RequestForm.MAX_ATTEMPTS).asInt(NewJob.USUAL_ATTEMPTS),
                null,
                null);
    }

    private void addUnpriced(Key key, ReadLetter.Request letter) throws IOException {
        NewJob job = unpriced(letter.id(), letter.request());
        if (letter.request().path(RequestForm.INPUT).isObject()
                && StandardCharsets.UTF_8.newEncoder().canEncode(job.input())) {
            add(key, letter, job, keys(job).ofOurs(job.input()));
        } else {
            refuse(key, letter, "input: it must be an object of texts, numbers and the like");
        }
    }

    private InputKeys keys(NewJob job) {
        return keys.computeIfAbsent(job.model(), model -> new InputKeys(catalogue, model));
    }

    private void add(Key key, ReadLetter.Request letter, NewJob job, String inputKey) throws IOException {
        Keys own = new Keys(inputKey, keys(job).withoutClips(job.input()));
        spool.add(
                key,
                new LetterRow(
                        job,
                        letter.ended(),
                        letter.attempt(),
                        letter.attempts(),
                        letter.createdAt(),
                        new Evidence(letter.activeAt(), own, asked(job, own))));
    }

    private Keys asked(NewJob job, Keys own) {
        if (overrides == null
                || !(StrictJson.read(job.input().getBytes(StandardCharsets.UTF_8))
                        instanceof JsonRead.Value(JsonNode before))) {
            return own;
        }
        String input = StrictJson.write(MergePatch.apply(before, overrides));
        return new Keys(keys(job).ofOurs(input), keys(job).withoutClips(input));
    }

    private void refuse(Key key, ReadLetter.Request letter, String message) throws IOException {
        spool.refused(key, letter.id(), letter.ended().failedAt(), Refusal.RECORD_INVALID, message);
    }

    private static String text(List<FieldError> errors) {
        return errors.stream().map(FieldError::text).collect(Collectors.joining("; "));
    }
}
