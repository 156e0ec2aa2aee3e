package io.wavequeue.api.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.catalogue.Catalogue;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvManifestTest {
    private static final Catalogue CATALOGUE = Catalogue.load(null, null);
    private static final String MUSIC = "stability-ai/stable-audio-3/music";

    private static ReadLines read(String csv) {
        return read(csv, StandardCharsets.UTF_8);
    }

    private static ReadLines read(String csv, Charset charset) {
        return ReadLines.of(new CsvManifest(CATALOGUE), csv.replace("$", MUSIC).getBytes(charset));
    }

    @Nested
    class Form {
        @ParameterizedTest
        @ValueSource(strings = {",", ";", "\t"})
        void shouldFindTheSeparator(String separator) {
            String csv = "model,reference,prompt,duration\n$,a,\"x, y; z\t.\",30\n".replace(",", separator);

            assertThat(read(csv).requests)
                    .containsExactly(("2: {'input':{'prompt':'x" + separator.replace("\t", "\\t")
                                    + " y; z\\t.','duration':30},'model':'" + MUSIC + "','reference':'a'}")
                            .replace('\'', '"'));
        }

        @Test
        void shouldIgnoreSeparatorsInQuotedNames() {
            assertThat(read("\"labels.a,b,c\";model;prompt\n1;$;x\n").requests)
                    .containsExactly("2: {\"input\":{\"prompt\":\"x\"},\"labels\":{\"a,b,c\":\"1\"},\"model\":\""
                            + MUSIC + "\"}");
        }

        @ParameterizedTest
        @ValueSource(strings = {"\n", "\r\n", "\r"})
        void shouldCountTheFilesOwnLines(String end) {
            String csv = "\uFEFFmodel,prompt\n$,\"a \"\"b\"\"\nc\"\n\n,\n$,d".replace("\n", end);

            assertThat(read(csv).requests)
                    .containsExactly(
                            "2: {\"input\":{\"prompt\":\"a \\\"b\\\""
                                    + end.replace("\r", "\\r").replace("\n", "\\n") + "c\"},\"model\":\"" + MUSIC
                                    + "\"}",
                            "6: {\"input\":{\"prompt\":\"d\"},\"model\":\"" + MUSIC + "\"}");
        }

        @Test
        void shouldNameTheLineOfEveryRowThatIsNotWhole() {
            ReadLines read = read("model,prompt\n$,\"a\nb\",c\n$\n$,d\n");

            assertThat(read.errors)
                    .containsExactly(
                            "2: : the line has 3 fields, the header 2", "4: : the line has 1 fields, the header 2");
            assertThat(read.requests).hasSize(1).first().asString().startsWith("5: ");
        }

        @Test
        void shouldNameTheLineOfTheQuoteThatIsNotClosed() {
            assertThat(read("model,prompt\n$,a\n$,\"b\n$,c\n").errors)
                    .containsExactly("3: : a quote is opened here and never closed");
            assertThat(read("model,prompt\n$,\"" + "b\n".repeat(LineBound.MOST_CHARS)).errors)
                    .containsExactly(
                            "2: : the line has more than 1,048,576 characters; is a quote opened here and never closed?");
        }

        @Test
        void shouldNameTheLineWhereTextFollowsAQuote() {
            assertThat(read("model,prompt\n$,\"b\" c\n").errors)
                    .containsExactly(
                            "2: : behind a closing quote only a separator may follow; a quote within a quoted field is doubled");
        }

        @Test
        void shouldTakeALineThatIsLong() {
            assertThat(read("model,prompt\n$," + "b".repeat(LineBound.MOST_CHARS - 100) + "\n").requests)
                    .hasSize(1);
        }

        @Test
        void shouldNameEveryCellThatIsNotUtf8() {
            ReadLines read = read("model,prompt,negative_prompt\n$,Tür,Bär\n$,door,\n", StandardCharsets.ISO_8859_1);

            assertThat(read.errors)
                    .containsExactly(
                            "2: prompt: is not UTF-8; save the file as CSV in UTF-8",
                            "2: negative_prompt: is not UTF-8; save the file as CSV in UTF-8");
            assertThat(read.requests).hasSize(1);
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "\uFEFF", "model,prompt", "model,prompt\n"})
        void shouldReadNothingWhereNothingIs(String csv) {
            assertThat(read(csv).requests).isEmpty();
            assertThat(read(csv).errors).isEmpty();
        }
    }

    @Nested
    class Header {
        @Test
        void shouldListAllThatIsWrongWithTheColumnsAndNoLine() {
            assertThat(read("promt,duration, duration ,,labels.,zzzzzz\n1,2,3,4,5,6\n").errors)
                    .satisfiesExactly(
                            error -> assertThat(error).isEqualTo("1: promt: unknown column; did you mean \"prompt\"?"),
                            error ->
                                    assertThat(error).isEqualTo("1: duration: is the name of column 2 and of column 3"),
                            error -> assertThat(error).isEqualTo("1: : column 4 has no name"),
                            error -> assertThat(error).startsWith("1: labels.: unknown column; known: model, "),
                            error -> assertThat(error)
                                    .startsWith(
                                            "1: zzzzzz: unknown column; known: model, reference, lane, output, max_attempts, ")
                                    .endsWith(" and labels.<key>"),
                            error -> assertThat(error).startsWith("1: model: is required: "));
        }

        @Test
        void shouldTakeAThousandColumnsAndRefuseMoreInOneError() {
            String widest = "model"
                    + IntStream.range(1, 1_000).mapToObj(i -> ",labels.l" + i).collect(Collectors.joining());

            assertThat(read(widest + "\n$" + ",".repeat(999) + "\n").requests).hasSize(1);
            assertThat(read(widest + ",promt,zz\n").errors)
                    .containsExactly("1: : the header has 1,002 columns; at most 1,000 are allowed");
            assertThat(read(",".repeat(1_000_000)).errors).hasSize(1);
        }
    }

    @Nested
    class Cells {
        @TempDir
        Path folder;

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "duration | 30 | {'duration':30}",
                    "duration | 30.50 | {'duration':30.50}",
                    "duration | ' 007 ' | {'duration':7}",
                    "duration | 0 | {'duration':0}",
                    "duration | -0.5e1 | {'duration':-5}",
                    "duration | 1,5 | {'duration':'1,5'}",
                    "duration | NaN | {'duration':'NaN'}",
                    "duration | 1e999 | {'duration':'1e999'}",
                    "prompt | 30 | {'prompt':'30'}",
                    "prompt | '' | {}",
                    "prompt | ' ' | {'prompt':' '}"
                })
        void shouldReadByTheSchemasType(String column, String cell, String input) {
            String csv = "model;" + column + ";labels.a\n$;" + cell + ";1";

            assertThat(read(csv).requests)
                    .containsExactly(("2: {'input':" + input + ",'model':'" + MUSIC + "','labels':{'a':'1'}}")
                            .replace('\'', '"'));
        }

        @Test
        void shouldReadBooleansAndListsWhereTheModelHasThem() throws Exception {
            Files.writeString(folder.resolve("m.json"), """
                    {"model": "x/y", "title": "t", "kind": "k", "description": "d", "source": "s",
                     "input": {"type": "object", "additionalProperties": false, "required": [],
                       "properties": {"loop": {"type": "boolean"}, "tags": {"type": "array", "items": {"type": "string"}},
                                      "either": {"type": ["integer", "string"]}}},
                     "price": {"per_run_usd": "0.01"}, "limits": {"prediction_deadline_seconds": 60},
                     "output": {"default_format": "wav"}}
                    """);
            String csv = "model;loop;tags;either;max_attempts\nx/y;TRUE;\"[\"\"a\"\"]\";3;2\nx/y;ja;a;b;two\n";

            assertThat(ReadLines.of(new CsvManifest(Catalogue.load(folder, null)), csv.getBytes(StandardCharsets.UTF_8))
                            .requests)
                    .containsExactly(
                            "2: {'input':{'loop':true,'tags':['a'],'either':3},'model':'x/y','max_attempts':2}"
                                    .replace('\'', '"'),
                            "3: {'input':{'loop':'ja','tags':'a','either':'b'},'model':'x/y','max_attempts':'two'}"
                                    .replace('\'', '"'));
        }
    }
}
