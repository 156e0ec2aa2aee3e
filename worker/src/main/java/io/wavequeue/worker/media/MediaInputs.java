package io.wavequeue.worker.media;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.catalogue.AudioSource;
import io.wavequeue.catalogue.Catalogue;
import io.wavequeue.job.ErrorClass;
import io.wavequeue.job.JobError;
import io.wavequeue.worker.media.MediaUploads.Upload;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Puts the provider's URL in the place of each reference to one of our clips. Everything else is sent as it was asked. */
@ApplicationScoped
public class MediaInputs {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
            .build();

    private final Catalogue catalogue;
    private final MediaUploads uploads;

    MediaInputs(Catalogue catalogue, MediaUploads uploads) {
        this.catalogue = catalogue;
        this.uploads = uploads;
    }

    /** An input, ready for the provider or not. */
    public sealed interface PreparedInput {
        /** JSON text to send. */
        record Ready(String input) implements PreparedInput {}

        /** The clip is still on its way to the provider. */
        record NotYet(String reason, Duration again) implements PreparedInput {}

        /** It will never be ready. */
        record Impossible(JobError error) implements PreparedInput {}
    }

    public PreparedInput prepare(String model, String input) throws InterruptedException {
        List<String> fields =
                catalogue.find(model).map(found -> found.mediaFields()).orElse(List.of());
        if (fields.isEmpty() || !input.contains("media:sha256:")) {
            return new PreparedInput.Ready(input);
        }
        ObjectNode object = parse(input);
        for (String field : fields) {
            JsonNode value = object.path(field);
            Optional<String> sha256 = value.isTextual() ? AudioSource.mediaSha256(value.textValue()) : Optional.empty();
            if (sha256.isPresent()) {
                switch (uploads.upload(sha256.get())) {
                    case Upload.Done done -> object.put(field, done.url());
                    case Upload.UnderWay underWay -> {
                        return new PreparedInput.NotYet(underWay.reason(), underWay.again());
                    }
                    case Upload.Lost lost -> {
                        return new PreparedInput.Impossible(
                                new JobError(ErrorClass.MEDIA_UNREACHABLE, lost.reason(), false));
                    }
                }
            }
        }
        return new PreparedInput.Ready(object.toString());
    }

    private static ObjectNode parse(String input) {
        try {
            return (ObjectNode) JSON.readTree(input);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("the input of a row is no JSON object", impossible);
        }
    }
}
