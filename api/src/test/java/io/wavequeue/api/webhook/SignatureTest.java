package io.wavequeue.api.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wavequeue.api.http.ProblemException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The vectors were computed by Python's hmac and checked with OpenSSL. */
class SignatureTest {
    private static final String ID = "msg_2Lml4cXPuJ";
    private static final long TIME = 1_763_740_000;
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String BODY = "{\"id\":\"0871b0d0eb5c49b2839436c059271cc4\",\"status\":\"completed\"}";
    private static final String HEX = "f89f0089e5a5233c78ac4d16584083ee2b35f6514f590cc61dd0c96a29142729";
    private static final String OTHER_HEX = "10e1eaea70ea7f54237c7437dc178455efb33f4e9431817522610ba07e44fb37";

    private static Signature signature(@Nullable String signature) {
        return Signature.of(ID, Long.toString(TIME), signature, Instant.ofEpochSecond(TIME));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                SECRET + "|" + ID + "|" + BODY + "|" + HEX,
                "whsec_0123456789abcdef0123456789abcdef|msg_1|''|" + OTHER_HEX,
                "no prefix \u00e9|a.b|{\"prompt\":\"Gr\u00fc\u00dfe\"}|0caeab7561be3b7ab518c15596890af67d9d96719d0d256d1cd8bd19e48dfea9"
            })
    void shouldKnowTheProvidersHand(String secret, String id, String body, String hex) {
        Signature read = Signature.of(id, Long.toString(TIME), "v3," + hex, Instant.ofEpochSecond(TIME));
        assertThat(read.isBy(List.of(secret), bytes(body))).isTrue();
        assertThat(read.isBy(List.of(secret), bytes(body + " "))).isFalse();
        assertThat(read.isBy(List.of(secret + "x"), bytes(body))).isFalse();
        assertThat(read.isBy(List.of(), bytes(body))).isFalse();
        assertThat(read.isBy(List.of("other", secret), bytes(body)))
                .as("the former secret still counts")
                .isTrue();
    }

    @Test
    void shouldBindIdAndTimeToTheBody() {
        Instant now = Instant.ofEpochSecond(TIME);
        assertThat(Signature.of("msg_other", Long.toString(TIME), "v3," + HEX, now)
                        .isBy(List.of(SECRET), bytes(BODY)))
                .isFalse();
        assertThat(Signature.of(ID, Long.toString(TIME + 1), "v3," + HEX, now).isBy(List.of(SECRET), bytes(BODY)))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "v3," + HEX + " v3," + OTHER_HEX,
                "v3," + OTHER_HEX + " v3," + HEX,
                "v1,bm90IHRoaXMgb25l v3," + HEX,
                "  v3," + HEX
            })
    void shouldTakeAnyOfSeveralSignatures(String signatures) {
        assertThat(signature(signatures).isBy(List.of(SECRET), bytes(BODY))).isTrue();
    }

    @Test
    void shouldTakeHexInEitherCase() {
        assertThat(signature("v3," + HEX.toUpperCase(java.util.Locale.ROOT)).isBy(List.of(SECRET), bytes(BODY)))
                .isTrue();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                HEX,
                "v3",
                "v3,",
                "v3," + HEX + "00",
                "v2," + HEX,
                "v3, " + HEX,
                "v3,zz9f0089e5a5233c78ac4d16584083ee2b35f6514f590cc61dd0c96a29142729"
            })
    void shouldRefuseWhatIsNoSignatureOfItsScheme(@Nullable String signature) {
        assertThatThrownBy(() -> signature(signature))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("webhook-signature");
    }

    @ParameterizedTest
    @ValueSource(longs = {-300, -1, 0, 299, 300})
    void shouldTakeWhatIsNotMoreThan300SecondsFromNow(long age) {
        assertThatCode(() -> Signature.of(ID, Long.toString(TIME), "v3," + HEX, Instant.ofEpochSecond(TIME + age)))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({"-301, 301 seconds in the future", "301, 301 seconds old", "999999999, 999999999 seconds old"})
    void shouldRefuseWhatIsFurtherFromNow(long age, String message) {
        assertThatThrownBy(() -> Signature.of(ID, Long.toString(TIME), "v3," + HEX, Instant.ofEpochSecond(TIME + age)))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "x", "-1", "1763740000.5", "1763740000000000000000", " 1763740000"})
    void shouldRefuseWhatIsNoTime(@Nullable String timestamp) {
        assertThatThrownBy(() -> Signature.of(ID, timestamp, "v3," + HEX, Instant.ofEpochSecond(TIME)))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("webhook-timestamp");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "a b", "{", "msg\n"})
    void shouldRefuseAnIdThatPartOfABodyCouldPassFor(@Nullable String id) {
        assertThatThrownBy(() -> Signature.of(id, Long.toString(TIME), "v3," + HEX, Instant.ofEpochSecond(TIME)))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("webhook-id");
    }

    @Test
    void shouldSayEverythingThatIsWrongAtOnce() {
        assertThatThrownBy(() -> Signature.of(null, null, null, Instant.ofEpochSecond(TIME)))
                .hasMessage("3 things are wrong; errors lists them");
    }
}
