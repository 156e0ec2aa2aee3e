package io.wavequeue.api.batch;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.store.BatchTakes.OutputKey;
import io.wavequeue.store.BatchTakes.Take;
import io.wavequeue.store.view.StoredJob;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Column by column against the rules of Wwise's format, which {@code deploy/docs/results.md} gives with their source. */
class WwiseFileTest {
    private static final WwiseTarget USUAL = new WwiseTarget("", WwiseTarget.USUAL_PARENT);

    /** The format's: absolute, an object's type in angle brackets before its name. */
    private static final Pattern OBJECT_PATH = Pattern.compile(
            "\\\\Actor-Mixer Hierarchy\\\\Default Work Unit(\\\\<Random Container>[^\\\\/:*?\"<>|\\t]+)?\\\\<Sound SFX>[^\\\\/:*?\"<>|\\t]+");

    private final StoredJob rain = StoredJobs.succeeded("rain", "2026-01-31/rain_0.wav");
    private final StoredJob storm1 =
            StoredJobs.succeeded("storm", "2026-01-31/storm1_0.wav", "2026-01-31/storm1_1.wav");
    private final StoredJob storm2 = StoredJobs.succeeded("storm", "2026-01-31/storm2_0.wav");

    private static List<List<String>> rows(WwiseTarget target, Set<String> alike, StoredJob... jobs)
            throws IOException {
        StringWriter text = new StringWriter();
        WwiseFile file = new WwiseFile((references, ids) -> takes(jobs), target, "a: forest", alike);
        file.begin(text);
        file.add(List.of(jobs), text);
        assertThat(text.toString()).endsWith("\r\n").doesNotContain("\uFEFF");
        return Stream.of(text.toString().split("\r\n"))
                .map(line -> List.of(line.split("\t", -1)))
                .toList();
    }

    private static List<String> column(int column, List<List<String>> rows) {
        return rows.stream().skip(1).map(row -> row.get(column)).toList();
    }

    /** As the database counts them. */
    private static Map<OutputKey, Take> takes(StoredJob... jobs) {
        return Arrays.stream(jobs)
                .filter(job -> job.reference() != null)
                .flatMap(job -> keys(job).stream())
                .collect(toMap(key -> key, key -> take(key, jobs)));
    }

    private static Take take(OutputKey wanted, StoredJob... jobs) {
        @Nullable
        String reference = Arrays.stream(jobs)
                .filter(job -> job.id().equals(wanted.job()))
                .findFirst()
                .orElseThrow()
                .reference();
        List<OutputKey> ofCue = Arrays.stream(jobs)
                .filter(job -> job.reference() != null && job.reference().equals(reference))
                .flatMap(job -> keys(job).stream())
                .toList();
        return new Take(ofCue.indexOf(wanted) + 1, ofCue.size());
    }

    private static List<OutputKey> keys(StoredJob job) {
        return job.outputs().stream()
                .filter(output -> output.archivedAt() != null)
                .map(output -> new OutputKey(job.id(), output.number()))
                .toList();
    }

    @Test
    void shouldBeginWithTheHeaderAndHaveThreeCellsInEachRow() throws IOException {
        List<List<String>> rows = rows(USUAL, Set.of(), rain, storm1, storm2);

        assertThat(rows.getFirst()).containsExactly("Audio File", "Object Path", "OriginalsSubFolder");
        assertThat(rows).hasSize(5).allMatch(row -> row.size() == 3);
    }

    @Test
    void shouldNameFilesRelativeToTheImportFileUnlessARootIsGiven() throws IOException {
        assertThat(column(0, rows(USUAL, Set.of(), rain))).containsExactly("2026-01-31\\rain_0.wav");
        for (String root : List.of("D:\\wq\\outputs", "D:\\wq\\outputs\\")) {
            assertThat(column(0, rows(new WwiseTarget(root, "P"), Set.of(), rain)))
                    .containsExactly("D:\\wq\\outputs\\2026-01-31\\rain_0.wav");
        }
        for (String root : List.of("/srv/outputs", "/srv/outputs/")) {
            assertThat(column(0, rows(new WwiseTarget(root, "P"), Set.of(), rain)))
                    .containsExactly("/srv/outputs/2026-01-31/rain_0.wav");
        }
    }

    @Test
    void shouldMakeARandomContainerOfACueWithSeveralTakes() throws IOException {
        List<String> paths = column(1, rows(USUAL, Set.of(), storm1, rain, storm2));

        assertThat(paths)
                .allMatch(path -> OBJECT_PATH.matcher(path).matches())
                .containsExactly(
                        "\\Actor-Mixer Hierarchy\\Default Work Unit\\<Random Container>storm\\<Sound SFX>storm_01",
                        "\\Actor-Mixer Hierarchy\\Default Work Unit\\<Random Container>storm\\<Sound SFX>storm_02",
                        "\\Actor-Mixer Hierarchy\\Default Work Unit\\<Sound SFX>rain",
                        "\\Actor-Mixer Hierarchy\\Default Work Unit\\<Random Container>storm\\<Sound SFX>storm_03");
    }

    @Test
    void shouldPutObjectsBelowTheParentThatIsGiven() throws IOException {
        for (String parent : List.of("\\Containers\\Default Work Unit\\<Actor-Mixer>Weather", "Weather\\")) {
            assertThat(column(1, rows(new WwiseTarget("", parent), Set.of(), rain)))
                    .containsExactly(parent.replaceFirst("\\\\$", "") + "\\<Sound SFX>rain");
        }
    }

    @Test
    void shouldReplaceWhatANameMayNotHave() throws IOException {
        StoredJob odd = StoredJobs.succeeded(" sfx/door\\creak:<\"1\">*?| ü", "d/x_0.wav");

        List<String> paths = column(1, rows(USUAL, Set.of(), odd));

        assertThat(paths)
                .allMatch(path -> OBJECT_PATH.matcher(path).matches())
                .containsExactly("\\Actor-Mixer Hierarchy\\Default Work Unit\\<Sound SFX>_sfx_door_creak___1_____ ü");
    }

    @Test
    void shouldTellCuesApartWhoseNamesWouldBeTheSame() throws IOException {
        StoredJob slash = StoredJobs.succeeded("a/b", "d/1_0.wav");
        StoredJob colon = StoredJobs.succeeded("A:b", "d/2_0.wav");

        List<String> paths = column(1, rows(USUAL, Set.of("a/b", "A:b"), slash, colon));

        assertThat(paths).doesNotHaveDuplicates().allMatch(path -> path.matches(".*<Sound SFX>[aA]_b_[0-9a-f]{8}"));
        assertThat(column(1, rows(USUAL, Set.of("a/b", "A:b"), colon, slash)))
                .containsExactly(paths.get(1), paths.get(0));
    }

    @Test
    void shouldNameAJobWithoutReferenceByItsId() throws IOException {
        StoredJob one = StoredJobs.succeeded(null, "d/1_0.wav");
        StoredJob two = StoredJobs.succeeded(null, "d/2_0.wav", "d/2_1.wav");

        assertThat(column(1, rows(USUAL, Set.of(), one, two)))
                .containsExactly(
                        USUAL.parent() + "\\<Sound SFX>" + one.id(),
                        USUAL.parent() + "\\<Random Container>" + two.id() + "\\<Sound SFX>" + two.id() + "_01",
                        USUAL.parent() + "\\<Random Container>" + two.id() + "\\<Sound SFX>" + two.id() + "_02");
    }

    @Test
    void shouldLeaveOutWhatIsNotArchived() throws IOException {
        StoredJob half = StoredJobs.succeeded("half", "d/1_0.wav", null);

        assertThat(column(0, rows(USUAL, Set.of(), half, StoredJobs.succeeded("none"))))
                .containsExactly("d\\1_0.wav");
        assertThat(column(1, rows(USUAL, Set.of(), half))).containsExactly(USUAL.parent() + "\\<Sound SFX>half");
    }

    @Test
    void shouldGatherTheOriginalsInAFolderOfTheBatch() throws IOException {
        assertThat(column(2, rows(USUAL, Set.of(), rain, storm1))).containsOnly("a_ forest");
    }

    @Test
    void shouldKeepARowInOneLine() throws IOException {
        StoredJob odd = StoredJobs.succeeded("a\tb\r\nc", "d/x_0.wav");
        assertThat(rows(USUAL, Set.of(), odd)).hasSize(2).allMatch(row -> row.size() == 3);
    }

    @Test
    void shouldRefuseAParentThatIsNoPath() {
        for (String parent : List.of("\\", "\\\\a", "a\\\\b", "a/b", "a\\<>b", "a\\<x", "C:\\a", "a\\\"b\"")) {
            assertThat(new WwiseTarget("", parent).problem()).as(parent).isPresent();
        }
        for (String parent :
                List.of(WwiseTarget.USUAL_PARENT, "a", "\\a\\", "\\a\\<Virtual Folder>b c\\<Actor-Mixer>d")) {
            assertThat(new WwiseTarget("", parent).problem()).as(parent).isEmpty();
        }
    }
}
