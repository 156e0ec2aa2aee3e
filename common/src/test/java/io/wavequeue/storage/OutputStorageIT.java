package io.wavequeue.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wavequeue.storage.S3Server.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What both kinds of storage promise, and what each does besides. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OutputStorageIT {
    @TempDir
    static Path folder;

    private final S3Server server = S3Server.start();
    private Path outputs;
    private Path parts;
    private OutputStorage ofFolder;
    private OutputStorage ofBucket;

    @BeforeAll
    void open() {
        outputs = folder.resolve("outputs");
        parts = folder.resolve("parts");
        ofFolder = new FolderStorage(outputs);
        ofBucket = server.storage(parts);
    }

    @AfterAll
    void close() {
        server.close();
    }

    List<Named<OutputStorage>> storages() {
        return List.of(Named.of("folder", ofFolder), Named.of("bucket", ofBucket));
    }

    private static Content content(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new Content(bytes.length, Hashes.sha256(bytes), "audio/wav");
    }

    private static void put(OutputStorage storage, String key, String text) throws IOException {
        Path part = storage.part("day");
        try {
            Files.writeString(part, text);
            storage.put(part, key, content(text));
            assertThat(part).doesNotExist();
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static String read(OutputStorage storage, String key) throws IOException {
        try (InputStream in = storage.open(key)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @MethodSource("storages")
    void shouldKeepWhatWasPutAndReplaceIt(OutputStorage storage) throws IOException {
        put(storage, "day/put.wav", "rain");
        put(storage, "day/put.wav", "wind");

        assertThat(read(storage, "day/put.wav")).isEqualTo("wind");
        assertThat(storage.size("day/put.wav")).hasValue(4);
        assertThat(storage.holds("day/put.wav", content("wind"))).isTrue();
        assertThat(storage.holds("day/put.wav", content("rain"))).isFalse();
        try (LocalFile local = storage.local("day/put.wav").orElseThrow()) {
            assertThat(local.path()).isAbsolute().hasContent("wind");
        }
        if (storage.isRemote()) {
            assertThat(parts).isEmptyDirectory();
        }
    }

    @ParameterizedTest
    @MethodSource("storages")
    void shouldPutNothingWhenTheFileIsNotWhatItWasSaidToBe(OutputStorage storage) throws IOException {
        Path part = storage.part("day");
        Files.writeString(part, "rai!");

        assertThatThrownBy(() -> storage.put(part, "day/wrong.wav", content("rain")))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("day/wrong.wav");

        assertThat(storage.size("day/wrong.wav")).isEmpty();
        Files.delete(part);
    }

    @ParameterizedTest
    @MethodSource("storages")
    void shouldCopyUnderAnotherKeyInThePlaceOfWhatWasThere(OutputStorage storage) throws IOException {
        put(storage, "day/copy.wav", "rain");
        put(storage, "libraries/l/a.wav", "old!");

        assertThat(storage.copy("day/copy.wav", "libraries/l/a.wav", content("rain")))
                .isTrue();
        assertThat(storage.copy("day/copy.wav", "libraries/l/a.wav", content("rain")))
                .as("again")
                .isTrue();

        assertThat(read(storage, "libraries/l/a.wav")).isEqualTo("rain");
        assertThat(storage.holds("libraries/l/a.wav", content("rain"))).isTrue();
        storage.delete("libraries/l/a.wav");
        storage.delete("libraries/l/a.wav");
        assertThat(storage.size("libraries/l/a.wav")).isEmpty();
        assertThat(read(storage, "day/copy.wav")).isEqualTo("rain");
    }

    @ParameterizedTest
    @MethodSource("storages")
    void shouldCopyNothingWhenTheFirstKeyIsGoneOrAnother(OutputStorage storage) throws IOException {
        put(storage, "day/short.wav", "rai");

        assertThat(storage.copy("day/none.wav", "libraries/l/b.wav", content("rain")))
                .isFalse();
        assertThat(storage.copy("day/short.wav", "libraries/l/b.wav", content("rain")))
                .isFalse();

        assertThat(storage.size("libraries/l/b.wav")).isEmpty();
        assertThat(storage.local("day/none.wav")).isEmpty();
        assertThatThrownBy(() -> storage.open("day/none.wav")).isInstanceOf(StorageException.class);
    }

    @ParameterizedTest
    @MethodSource("storages")
    void shouldNameNothingOutsideWhateverTheKey(OutputStorage storage) throws IOException {
        Files.writeString(folder.resolve("secret"), "s");
        for (String key :
                List.of("../secret", "day/../../secret", "/etc/hostname", "", ".", "day//x", "a\\b", "a\0b")) {
            assertThat(storage.size(key)).as(key).isEmpty();
            Path part = storage.part("day");
            Files.writeString(part, "rain");
            assertThatThrownBy(() -> storage.put(part, key, content("rain"))).isInstanceOf(StorageException.class);
            assertThatThrownBy(() -> storage.delete(key)).isInstanceOf(StorageException.class);
            Files.delete(part);
        }
        assertThat(folder.resolve("secret")).hasContent("s");
    }

    @Test
    void shouldLinkInAFolderAndReplaceWhatAKilledProcessLeft() throws IOException {
        put(ofFolder, "day/link.wav", "rain");
        assertThat(ofFolder.copy("day/link.wav", "libraries/k/a.wav", content("rain")))
                .isTrue();
        Path named = outputs.resolve("libraries/k/a.wav");
        assertThat(Files.isSameFile(named, outputs.resolve("day/link.wav"))).isTrue();
        Path left = named.resolveSibling("." + Hashes.sha256("b.wav").substring(0, 32) + ".part");
        Files.writeString(left, "ra");

        assertThat(ofFolder.copy("day/link.wav", "libraries/k/b.wav", content("rain")))
                .isTrue();

        try (var files = Files.list(named.getParent())) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("a.wav", "b.wav");
        }
    }

    @Test
    void shouldFollowNoLinkThatLeadsOutOfTheFolder() throws IOException {
        Path outside = Files.createDirectories(folder.resolve("outside"));
        Files.createDirectories(outputs.resolve("libraries"));
        Files.createSymbolicLink(outputs.resolve("libraries/evil"), outside);
        put(ofFolder, "day/in.wav", "rain");

        assertThatThrownBy(() -> ofFolder.copy("day/in.wav", "libraries/evil/deep/a.wav", content("rain")))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("leads out");

        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void shouldRefuseAtTheStartWhatCannotBeUsedAndWaitForWhatIsAway() {
        Settings right =
                new Settings(S3Server.BUCKET, null, server.endpoint(), S3Server.ACCESS_KEY, S3Server.SECRET_KEY);
        Settings noBucket = new Settings("others", null, server.endpoint(), S3Server.ACCESS_KEY, S3Server.SECRET_KEY);
        Settings wrongSecret = new Settings(S3Server.BUCKET, null, server.endpoint(), S3Server.ACCESS_KEY, "wrong");
        Settings away =
                new Settings(S3Server.BUCKET, null, "http://127.0.0.1:1", S3Server.ACCESS_KEY, S3Server.SECRET_KEY);

        assertThatCode(() -> server.storage(parts, right).check()).doesNotThrowAnyException();
        assertThatThrownBy(() -> server.storage(parts, noBucket).check()).hasMessageContaining("no such bucket");
        assertThatThrownBy(() -> server.storage(parts, wrongSecret).check())
                .hasMessageContaining("credentials")
                .hasMessageNotContaining("wrong");
        assertThatCode(() -> server.storage(parts, away).check()).doesNotThrowAnyException();
        assertThatThrownBy(() -> put(server.storage(parts, away), "day/x.wav", "rain"))
                .isInstanceOf(StorageException.class);
    }

    @Test
    void shouldKeepItsObjectsBelowThePrefix() throws IOException {
        put(ofBucket, "day/below.wav", "rain");

        assertThat(server.objects("studio/outputs/day/below")).containsExactly("studio/outputs/day/below.wav");
        assertThat(Optional.of(ofBucket.isRemote())).contains(true);
    }
}
