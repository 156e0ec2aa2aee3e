package io.wavequeue.message;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.wavequeue.test.MessageSchemas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;

/** {@code deploy/docs/schema/asyncapi.yaml} and {@code deploy/docs/events.md}: what they point to is there, and what they show is so. */
class AsyncApiTest {
    private static final Path DOCS = Path.of("..", "deploy", "docs");
    private static final Path FOLDER = DOCS.resolve("schema");
    private static final Pattern JSON_BLOCK = Pattern.compile("(?ms)^```json\\n(.*?)^```$");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final MessageSchemas schemas = new MessageSchemas(FOLDER);
    private final JsonNode api = new ObjectMapper(new YAMLFactory())
            .readTree(FOLDER.resolve("asyncapi.yaml").toFile());

    AsyncApiTest() throws IOException {}

    @Test
    void shouldPointToWhatIsThere() {
        List<String> pointers = api.findValuesAsText("$ref");

        assertThat(pointers)
                .contains("./event.schema.json", "./dead-letter.schema.json", "./job-record.schema.json")
                .allSatisfy(pointer -> {
                    if (pointer.startsWith("#")) {
                        assertThat(api.at(pointer.substring(1)).isMissingNode()).isFalse();
                    } else {
                        assertThat(FOLDER.resolve(pointer)).exists();
                    }
                });
    }

    @Test
    void shouldDescribeTheTopicsAsTheyAreMade() {
        Map<String, NewTopic> made = Topics.wanted().stream().collect(toMap(NewTopic::name, topic -> topic));
        assertThat(api.path("channels").findValuesAsText("address")).containsExactlyInAnyOrderElementsOf(made.keySet());

        for (JsonNode channel : api.path("channels")) {
            NewTopic topic = made.get(channel.path("address").textValue());
            JsonNode told = resolved(channel.path("bindings")).path("kafka");
            assertThat(told.path("partitions").intValue()).isEqualTo(topic.numPartitions());
            assertThat(told.at("/topicConfiguration/retention.ms").asText())
                    .isEqualTo(topic.configs().get("retention.ms"));
            assertThat(told.at("/topicConfiguration/cleanup.policy/0").asText())
                    .isEqualTo(topic.configs().getOrDefault("cleanup.policy", "delete"));
        }
    }

    @Test
    void shouldShowExamplesOfEveryMessageThatFit() {
        int checked = 0;
        for (Map.Entry<String, JsonNode> message :
                api.at("/components/messages").properties()) {
            JsonNode headers = resolved(message.getValue().path("headers"));
            String file = message.getValue().at("/payload/schema/$ref").asText().replace("./", "");
            if (message.getKey().equals("tombstone")) {
                assertThat(message.getValue().at("/payload/type").textValue()).isEqualTo("null");
                continue;
            }
            assertThat(message.getValue().path("examples")).as(message.getKey()).isNotEmpty();
            for (JsonNode example : message.getValue().path("examples")) {
                assertThat(schemas.faults(file, example.path("payload")))
                        .as("%s of %s", example.path("name"), message.getKey())
                        .isEmpty();
                if (!headers.isMissingNode()) {
                    assertThat(schemas.faults(headers, example.path("headers"))).isEmpty();
                }
                checked++;
            }
        }
        assertThat(checked).isGreaterThan(10);
    }

    @Test
    void shouldShowEveryTypeOfEventOnThePage() throws IOException {
        List<String> types = new ArrayList<>();
        for (String block : JSON_BLOCK
                .matcher(Files.readString(DOCS.resolve("events.md")))
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList()) {
            try (MappingIterator<JsonNode> values =
                    JSON.readerFor(JsonNode.class).readValues(block)) {
                for (JsonNode value : values.readAll()) {
                    assertThat(schemas.faults(file(value), value))
                            .as(value.toString())
                            .isEmpty();
                    types.add(value.path("type").asText());
                }
            }
        }

        List<String> known = new ArrayList<>();
        schemas.text(MessageSchemas.EVENT).at("/properties/type/enum").forEach(type -> known.add(type.textValue()));
        assertThat(types).containsAll(known);
    }

    private static String file(JsonNode value) {
        if (value.has("specversion")) {
            return MessageSchemas.EVENT;
        }
        return value.has("failed_at") ? MessageSchemas.DEAD_LETTER : MessageSchemas.JOB_RECORD;
    }

    /** With what it points to within the file in its place. */
    private JsonNode resolved(JsonNode node) {
        if (node.has("$ref")) {
            return resolved(api.at(node.path("$ref").textValue().substring(1)));
        }
        if (node.isObject()) {
            ObjectNode copy = JsonNodeFactory.instance.objectNode();
            node.properties().forEach(field -> copy.set(field.getKey(), resolved(field.getValue())));
            return copy;
        }
        if (node.isArray()) {
            ArrayNode copy = JsonNodeFactory.instance.arrayNode();
            node.forEach(element -> copy.add(resolved(element)));
            return copy;
        }
        return node;
    }
}
