package io.wavequeue.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.catalogue.Model.ExpectedOutput;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogueTest {
    @TempDir
    Path folder;

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private Catalogue load() {
        return Catalogue.load(folder, null);
    }

    @Nested
    class BuiltIn {
        @Test
        void shouldHoldTheFiveModelsInOrderOfTheirIds() {
            assertThat(Inputs.CATALOGUE.models())
                    .extracting(Model::id)
                    .containsExactly(
                            Inputs.INPAINTING,
                            Inputs.OUTPAINTING,
                            Inputs.AUDIO_TO_AUDIO,
                            Inputs.MUSIC,
                            Inputs.ACE_STEP);
        }

        @Test
        void shouldListEveryFileOfItsFolder() throws IOException, URISyntaxException {
            Path list = Path.of(Objects.requireNonNull(Catalogue.class.getResource("/catalogue/models.txt"))
                    .toURI());
            try (Stream<Path> files = Files.list(Objects.requireNonNull(list.getParent()))) {
                assertThat(files.map(file -> Objects.toString(file.getFileName()))
                                .filter(name -> name.endsWith(".json")))
                        .containsExactlyInAnyOrderElementsOf(Files.readAllLines(list));
            }
        }

        @Test
        void shouldDescribeAModelForPeopleAndPrograms() {
            Model model = Inputs.model(Inputs.ACE_STEP);

            assertThat(model.title()).isEqualTo("ACE-Step Audio Outpaint");
            assertThat(model.kind()).isEqualTo("audio-to-audio");
            assertThat(model.source()).contains("November 2026");
            assertThat(model.predictionDeadline()).isEqualTo(Duration.ofHours(1));
            assertThat(model.mediaFields()).containsExactly("audio");
            assertThat(model.outputFormat(Inputs.valid(Inputs.ACE_STEP))).isEqualTo("mp3");
            assertThat(model.inputSchema().at("/properties/seed/default").asInt())
                    .isEqualTo(-1);
            assertThat(Inputs.model(Inputs.MUSIC).mediaFields()).isEmpty();
            assertThat(Inputs.model(Inputs.MUSIC).outputFormat(Inputs.valid(Inputs.MUSIC)))
                    .isEqualTo("mp3");
        }

        @Test
        void shouldTellWhatARunIsToGive() {
            assertThat(expected(Inputs.MUSIC, "{'prompt':'a','output_format':'wav','duration':2.5}"))
                    .isEqualTo(new ExpectedOutput("wav", new BigDecimal("2.5"), false));
            assertThat(expected(Inputs.MUSIC, "{'prompt':'a'}"))
                    .isEqualTo(new ExpectedOutput("mp3", new BigDecimal("30"), false));
            assertThat(expected(Inputs.OUTPAINTING, "{'extend_seconds_before':1.5}"))
                    .isEqualTo(new ExpectedOutput("mp3", new BigDecimal("6.5"), true));
            assertThat(expected(Inputs.INPAINTING, "{}")).isEqualTo(new ExpectedOutput("mp3", null, false));
            assertThat(expected(Inputs.ACE_STEP, "{}")).isEqualTo(new ExpectedOutput(null, new BigDecimal("30"), true));
        }

        private static ExpectedOutput expected(String model, String input) {
            return Inputs.CATALOGUE.expected(Inputs.model(model), Inputs.json(input));
        }

        @Test
        void shouldStayAsItIsWhenSomebodyChangesTheSchemaTheyWereGiven() {
            ((ObjectNode) Inputs.model(Inputs.MUSIC).inputSchema()).removeAll();

            assertThat(Inputs.model(Inputs.MUSIC).inputSchema().path("type").asText())
                    .isEqualTo("object");
        }

        @ParameterizedTest
        @CsvSource({
            "stability-ai/stable-audio-3/musik, " + Inputs.MUSIC,
            "stability-ai/stable-audio-3/audio-outpaint, " + Inputs.OUTPAINTING,
            "wavespeed-ai/ace-step/audio_outpaint, " + Inputs.ACE_STEP,
            "audio-inpainting, " + Inputs.INPAINTING,
        })
        void shouldFindTheNearestWhenAnIdIsMisspelt(String given, String meant) {
            assertThat(Inputs.CATALOGUE.find(given)).isEmpty();
            assertThat(Inputs.CATALOGUE.nearest(given)).contains(meant);
        }

        @Test
        void shouldFindNothingNearWhenAnIdIsForeign() {
            assertThat(Inputs.CATALOGUE.nearest("openai/whisper")).isEmpty();
        }
    }

    @Nested
    class UserFolder {
        @Test
        void shouldAddAModelWhenAFileIsPutThere() throws IOException {
            file("chime.json", Inputs.CHIME);
            file("notes.txt", "not a model");

            Catalogue catalogue = load();
            Model model = catalogue.find("acme/chime").orElseThrow();

            assertThat(catalogue.models()).hasSize(6).first().isEqualTo(model);
            assertThat(model.predictionDeadline()).isEqualTo(Duration.ofHours(1));
            assertThat(model.outputFormat(Inputs.json("{}"))).isEqualTo("wav");
            assertThat(catalogue
                            .price(model, Inputs.json("{'words':'a','seconds':2.5}"), null)
                            .estimatedUsd())
                    .isEqualByComparingTo("0.03");
        }

        @Test
        void shouldCheckNestedValuesWhenAModelHasThem() throws IOException {
            file("chime.json", Inputs.CHIME);
            Catalogue catalogue = load();
            Model model = catalogue.find("acme/chime").orElseThrow();

            assertThat(catalogue.check(
                            model, Inputs.json("{'words':'a','notes':[{'pitch':0,'len':1},{},{'pitch':1e999999999}]}")))
                    .isEqualTo(new InputCheck.Invalid(List.of(new FieldError(
                            "notes[2].pitch",
                            "1E+999999999 is too large or too exact a number; at most 40 digits before and after the"
                                    + " point are allowed"))));
            assertThat(catalogue.check(model, Inputs.json("{'words':'a','notes':[{'pitch':0,'len':1},{},7]}")))
                    .isInstanceOfSatisfying(InputCheck.Invalid.class, invalid -> assertThat(invalid.errors())
                            .extracting(FieldError::text)
                            .containsExactlyInAnyOrder(
                                    "notes: has 3 entries; at most 2 are allowed",
                                    "notes[0].pitch: 0 is below the minimum of 1",
                                    "notes[0].len: unknown field \"len\"",
                                    "notes[1].pitch: is required",
                                    "notes[2]: 7 is not allowed; it must be an object"));
            assertThat(catalogue.check(model, Inputs.json("{'words':'a','notes':[{'pitch':2.0}]}")))
                    .isEqualTo(new InputCheck.Valid(Inputs.json("{'words':'a','seconds':3,'notes':[{'pitch':2}]}")));
        }

        @Test
        void shouldReplaceOurModelWhenAFileHasTheSameId() throws IOException {
            file("my-music.json", Inputs.CHIME.replace("acme/chime", Inputs.MUSIC));

            Catalogue catalogue = load();

            assertThat(catalogue.models()).hasSize(5);
            assertThat(catalogue.find(Inputs.MUSIC).orElseThrow().title()).isEqualTo("Chime");
        }

        @Test
        void shouldRefuseWhenTwoFilesHoldTheSameModel() throws IOException {
            Path first = file("a.json", Inputs.CHIME);
            Path second = file("b.json", Inputs.CHIME);

            assertThatThrownBy(CatalogueTest.this::load)
                    .isInstanceOf(CatalogueException.class)
                    .hasMessage("catalogue file " + second + ", at /model: \"acme/chime\" is in " + first + " already");
        }

        @Test
        void shouldRefuseWhenTheFolderIsNotThere() {
            Path missing = folder.resolve("missing");

            assertThatThrownBy(() -> Catalogue.load(missing, null))
                    .isInstanceOf(CatalogueException.class)
                    .hasMessage("the catalogue folder " + missing + " is not a folder that can be read");
        }
    }
}
