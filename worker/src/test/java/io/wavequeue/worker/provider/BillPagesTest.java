package io.wavequeue.worker.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wavequeue.job.BillRow;
import io.wavequeue.job.BillRow.Kind;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BillPagesTest {
    private static final Instant FROM = Instant.parse("2026-11-21T10:00:00.250Z");
    private static final String EMPTY = "{\"code\":200,\"message\":\"success\",\"data\":{\"page\":1,\"items\":[]}}";

    private final List<String> asked = new ArrayList<>();

    private static Answer answer(int status, String body) {
        return Answer.of(status, null, body.getBytes(StandardCharsets.UTF_8));
    }

    private static BillPage read(String items) throws IOException {
        return BillPages.read(answer(200, "{\"code\":200,\"data\":{\"items\":[" + items + "]}}"));
    }

    @Test
    void shouldReadALineAsTheDocumentsShowIt() throws IOException {
        BillPage page = read("""
                {"uuid":"b-1","access_key_id":"ak","billing_type":"deduct","price":0.0217,
                 "created_at":"2026-11-21T10:00:00.123456789Z","order":{"uuid":"o","state":"pre","price":0.0217},
                 "prediction":{"uuid":"p-1","model_uuid":"stability-ai/stable-audio-3/music","status":"created"}},
                {"uuid":"b-2","billing_type":"refund","price":"-0.0217","created_at":"1795255200000",
                 "order":{"state":"done"},"prediction":{"uuid":"p-1"}},
                {"uuid":"b-3","billing_type":"recharge","price":100,"created_at":"2026-11-21T10:00:00Z"}""");

        assertThat(page.rows())
                .containsExactly(
                        new BillRow(
                                "b-1",
                                "p-1",
                                "stability-ai/stable-audio-3/music",
                                Kind.DEDUCT,
                                new BigDecimal("0.021700"),
                                Instant.parse("2026-11-21T10:00:00.123456789Z"),
                                false),
                        new BillRow(
                                "b-2",
                                "p-1",
                                null,
                                Kind.REFUND,
                                new BigDecimal("0.021700"),
                                Instant.ofEpochMilli(1_795_255_200_000L),
                                true));
        assertThat(page.items()).isEqualTo(3);
        assertThat(page.unreadable()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"uuid\":\"x\",\"billing_type\":\"deduct\",\"created_at\":\"2026-11-21T10:00:00Z\"}",
                "{\"uuid\":\"x\",\"billing_type\":\"deduct\",\"price\":\"much\",\"created_at\":\"2026-11-21T10:00:00Z\"}",
                "{\"uuid\":\"x\",\"billing_type\":\"deduct\",\"price\":1e12,\"created_at\":\"2026-11-21T10:00:00Z\"}",
                "{\"uuid\":\"x\",\"billing_type\":\"deduct\",\"price\":1}",
                "{\"uuid\":\"x\",\"billing_type\":\"deduct\",\"price\":1,\"created_at\":\"yesterday\"}",
                "{\"uuid\":\"x\",\"billing_type\":\"deduct\",\"price\":1,\"created_at\":12}"
            })
    void shouldCountALineThatCannotBeReadAndGoOn(String line) throws IOException {
        BillPage page = read(line
                + ",{\"uuid\":\"y\",\"billing_type\":\"deduct\",\"price\":1,\"created_at\":\"2026-11-21T10:00:00Z\"}");

        assertThat(page.unreadable()).isEqualTo(1);
        assertThat(page.rows()).singleElement().satisfies(row -> assertThat(row.uuid())
                .isEqualTo("y"));
    }

    @Test
    void shouldNameALineWithoutUuidTheSameEachTime() throws IOException {
        String line = "{\"billing_type\":\"deduct\",\"price\":1,\"created_at\":\"2026-11-21T10:00:00Z\"}";

        assertThat(read(line).rows()).isEqualTo(read(line).rows());
    }

    /** An empty page would mean that the bill was read to its end. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200 | <html>",
                "200 | {}",
                "200 | {\"code\":200,\"data\":null}",
                "200 | {\"code\":500,\"message\":\"x\",\"data\":{\"items\":[]}}",
                "500 | {\"code\":500}",
                "404 | {\"code\":404,\"message\":\"no such path\"}",
                "200 | {\"code\":200,\"data\":{\"items\":[{"
            })
    void shouldTakeNothingElseForAnEmptyPage(int status, String body) {
        assertThatThrownBy(() -> BillPages.read(answer(status, body))).isInstanceOf(IOException.class);
    }

    @Test
    void shouldTryTheOtherFormOfTimesAfter400AndRememberIt() throws Exception {
        BillPages pages = new BillPages();
        BillPages.Search epochOnly = body -> {
            asked.add(body);
            return body.contains("\"1795255200250\"") ? answer(200, EMPTY) : answer(400, "{\"code\":400}");
        };

        assertThat(pages.page(FROM, 1, epochOnly).items()).isZero();
        pages.page(FROM, 2, epochOnly);

        assertThat(asked)
                .containsExactly(
                        "{\"page\":1,\"page_size\":100,\"sort\":\"created_at ASC\",\"start_time\":\"2026-11-21T10:00:00.250Z\"}",
                        "{\"page\":1,\"page_size\":100,\"sort\":\"created_at ASC\",\"start_time\":\"1795255200250\"}",
                        "{\"page\":2,\"page_size\":100,\"sort\":\"created_at ASC\",\"start_time\":\"1795255200250\"}");
    }

    @Test
    void shouldGiveUpWhenNeitherFormIsTaken() {
        assertThatThrownBy(() -> new BillPages().page(FROM, 1, body -> {
                    asked.add(body);
                    return answer(400, "{\"code\":400,\"message\":\"no\"}");
                }))
                .hasMessageContaining("400");
        assertThat(asked).hasSize(2);
    }
}
