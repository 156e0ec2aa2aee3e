package io.wavequeue.message;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.wavequeue.store.ClaimStore.Candidate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Tells what a consumed record is. Never throws for what somebody else wrote. */
public final class JobRecords {
    /** A factory keeps the names that it read. */
    private static final int LONGEST_NAME = 1_000;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNameLength(LONGEST_NAME).build())
            .build();

    private final UUID installation;

    /** @param installation the id of this installation: records that carry it are ours */
    public JobRecords(UUID installation) {
        this.installation = installation;
    }

    /** A record, read. */
    public sealed interface ReadRecord {
        /** Sent by this installation: the row decides whether it still means anything. */
        record Ours(Candidate candidate) implements ReadRecord {}

        /**
         * Sent by another installation, such as one whose database was lost: what became of it there nobody here knows. Its job is
         * never admitted because of it, since it may have been paid.
         */
        record Others(UUID jobId) implements ReadRecord {}

        /** Sent by another service: to be validated and admitted. */
        record Foreign(byte[] value) implements ReadRecord {}

        /** Ours, of a newer form: its row is left for a newer worker. */
        record Newer(int schema) implements ReadRecord {}

        /** Nothing can be made of it. */
        record Bad(String reason) implements ReadRecord {}
    }

    public ReadRecord read(ConsumerRecord<byte[], byte[]> record) {
        byte[] value = record.value();
        if (value == null) {
            return new ReadRecord.Bad("the record has no value");
        }
        @Nullable String sender = header(record, JobHeaders.INSTALLATION);
        if (sender == null) {
            return new ReadRecord.Foreign(value);
        }
        if (!installation.toString().equals(sender)) {
            return sent(value, (id, attempt) -> new ReadRecord.Others(id));
        }
        try {
            int schema = Integer.parseInt(orZero(header(record, JobHeaders.SCHEMA)));
            if (schema > JobHeaders.SCHEMA_VERSION) {
                return new ReadRecord.Newer(schema);
            }
            int dispatch = Integer.parseInt(orZero(header(record, JobHeaders.DISPATCH)));
            return sent(value, (id, attempt) -> new ReadRecord.Ours(new Candidate(id, attempt, dispatch)));
        } catch (NumberFormatException bad) {
            return new ReadRecord.Bad("a header of ours is not a number: " + bad.getMessage());
        }
    }

    /** The job that a record of a Wavequeue's is about, as far as the text goes: its id comes first. Null = that is not told. */
    public static @Nullable UUID jobId(String record) {
        try (JsonParser json = JSON.createParser(record)) {
            boolean isTold = json.nextToken() == JsonToken.START_OBJECT
                    && "id".equals(json.nextFieldName())
                    && json.nextToken() == JsonToken.VALUE_STRING;
            return isTold ? UUID.fromString(json.getText()) : null;
        } catch (IOException | IllegalArgumentException bad) {
            return null;
        }
    }

    /** What a job that was sent is. */
    @FunctionalInterface
    private interface Meaning {
        ReadRecord of(UUID jobId, int attempt);
    }

    /** Only id and attempt are read: the rest is in the row. */
    private static ReadRecord sent(byte[] value, Meaning meaning) {
        @Nullable String id = null;
        int attempt = 0;
        try (JsonParser json = JSON.createParser(value)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return new ReadRecord.Bad("the record is not a JSON object");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                JsonToken token = json.nextToken();
                if (field.equals("id") && token == JsonToken.VALUE_STRING) {
                    id = json.getText();
                } else if (field.equals("attempt") && token == JsonToken.VALUE_NUMBER_INT) {
                    attempt = json.getIntValue();
                } else {
                    json.skipChildren();
                }
            }
            return id == null ? new ReadRecord.Bad("the record has no id") : meaning.of(UUID.fromString(id), attempt);
        } catch (IOException | IllegalArgumentException bad) {
            return new ReadRecord.Bad(
                    "the record cannot be read: " + bad.getClass().getSimpleName());
        }
    }

    private static @Nullable String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    private static String orZero(@Nullable String text) {
        return text == null ? "0" : text;
    }
}
