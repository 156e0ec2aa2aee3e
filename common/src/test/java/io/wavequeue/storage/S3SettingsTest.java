package io.wavequeue.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wavequeue.storage.S3Server.Settings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class S3SettingsTest {
    @Test
    void shouldBeAFolderWithoutAnySetting() {
        assertThat(S3Settings.of(new Settings(null, null, null, null, null))).isNull();
    }

    @Test
    void shouldFillInWhatOtherServersNeed() {
        S3Settings settings = S3Settings.of(new Settings("clips", "/a/b/", "http://minio:9000", "id", "hush"));

        assertThat(settings).isNotNull();
        assertThat(settings.prefix()).isEqualTo("a/b/");
        assertThat(settings.region()).isEqualTo("us-east-1");
        assertThat(settings.pathStyle()).isTrue();
        assertThat(settings.toString()).contains("id").doesNotContain("hush");
    }

    @ParameterizedTest
    @CsvSource({
        "clips,      ,                         ,     id, ,      WAVEQUEUE_OUTPUT_S3_ACCESS_KEY_ID is set without",
        "clips,      ,                         ,     , hush,    WAVEQUEUE_OUTPUT_S3_SECRET_ACCESS_KEY is set without",
        ",           ,      http://minio:9000  ,     , ,        WAVEQUEUE_OUTPUT_S3_ENDPOINT is set",
        ",           ,                         ,     id, hush,  WAVEQUEUE_OUTPUT_S3_BUCKET is not",
        "a/b,        ,                         ,     , ,        WAVEQUEUE_OUTPUT_S3_BUCKET is \"a/b\"",
        "clips,      a/../b,                   ,     , ,        WAVEQUEUE_OUTPUT_S3_PREFIX is \"a/../b\"",
        "clips,      ,      minio:9000         ,     , ,        WAVEQUEUE_OUTPUT_S3_ENDPOINT is \"minio:9000\"",
        "clips,      ,      http://minio/x     ,     , ,        it must be the server's address",
        "clips,      ,      http://u:hush@minio,     , ,        credentials belong into",
    })
    void shouldRefuseWhatIsWrongOrHalf(
            @Nullable String bucket,
            @Nullable String prefix,
            @Nullable String endpoint,
            @Nullable String id,
            @Nullable String secret,
            String says) {
        assertThatThrownBy(() -> S3Settings.of(new Settings(bucket, prefix, endpoint, id, secret)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(says)
                .hasMessageNotContaining("hush");
    }

    @ParameterizedTest
    @CsvSource({
        "Weather,            libraries/Weather",
        "sfx v2.1,           libraries/sfx v2.1",
        "a/b,                libraries/a_b~",
        "a:b,                libraries/a_b~",
        "..,                 libraries/_~",
        ".hidden,            libraries/_hidden~",
        "Wetter für Köln,    libraries/Wetter_f_r_K_ln~",
        "a~b,                libraries/a_b~",
        "'end. ',            libraries/end_~",
    })
    void shouldMakeAFolderOfALibrarysName(String library, String folder) {
        assertThat(LibraryFolder.of(library)).startsWith(folder).doesNotContain("..");
        assertThat(LibraryFolder.of(library).equals("libraries/" + library)).isEqualTo(!folder.endsWith("~"));
    }

    @Test
    void shouldTellApartNamesThatWouldBecomeTheSame() {
        assertThat(LibraryFolder.of("a/b")).isNotEqualTo(LibraryFolder.of("a:b"));
        assertThat(LibraryFolder.of("a/b")).isNotEqualTo(LibraryFolder.of("a_b"));
        assertThat(LibraryFolder.mayHold("l", "../../x")).isFalse();
        assertThat(LibraryFolder.mayHold("l", "music/theme_01.wav")).isTrue();
    }
}
