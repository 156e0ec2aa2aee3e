package io.wavequeue.api.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.store.view.StoredJob;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResultsCsvTest {
    private static final CSVFormat WITH_HEADER =
            CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();

    private static String written(StoredJob... jobs) throws IOException {
        StringWriter text = new StringWriter();
        ResultsCsv csv = new ResultsCsv();
        csv.begin(text);
        csv.add(List.of(jobs), text);
        return text.toString();
    }

    private static List<Map<String, String>> rows(StoredJob... jobs) throws IOException {
        try (CSVParser parser = WITH_HEADER.parse(new StringReader(written(jobs)))) {
            return parser.stream().map(CSVRecord::toMap).toList();
        }
    }

    @Test
    void shouldHaveTheSameColumnsWhateverTheJobs() throws IOException {
        String header =
                "job_id,reference,model,lane,status,output,file,content_type,bytes,sha256,archived_at,prediction_id,"
                        + "estimated_usd,charged_usd,refunded_usd,submitted_at,completed_at,error_class,error_message,labels,input\r\n";

        assertThat(written()).isEqualTo(header);
        assertThat(written(StoredJobs.failed("a", "no"))).startsWith(header).endsWith("\r\n");
    }

    @Test
    void shouldTellEverythingOfAnOutput() throws IOException {
        StoredJob job = StoredJobs.succeeded("rain", "2026-01-31/rain_0.wav");

        assertThat(rows(job))
                .singleElement()
                .isEqualTo(Map.ofEntries(
                        Map.entry("job_id", job.id().toString()),
                        Map.entry("reference", "rain"),
                        Map.entry("model", "m/a"),
                        Map.entry("lane", "bulk"),
                        Map.entry("status", "succeeded"),
                        Map.entry("output", "0"),
                        Map.entry("file", "2026-01-31/rain_0.wav"),
                        Map.entry("content_type", "audio/wav"),
                        Map.entry("bytes", "44"),
                        Map.entry("sha256", "abc"),
                        Map.entry("archived_at", "2026-01-31T18:30:00Z"),
                        Map.entry("prediction_id", "prediction2"),
                        Map.entry("estimated_usd", "0.0217"),
                        Map.entry("charged_usd", "0.0217"),
                        Map.entry("refunded_usd", ""),
                        Map.entry("submitted_at", "2026-01-31T18:30:02Z"),
                        Map.entry("completed_at", "2026-01-31T18:30:09Z"),
                        Map.entry("error_class", ""),
                        Map.entry("error_message", ""),
                        Map.entry("labels", "{\"scene\": \"forest\"}"),
                        Map.entry("input", "{\"prompt\":\"soft, \\\"low\\\" rain\"}")));
    }

    @Test
    void shouldCountMoneyOnceWhenAJobHasSeveralOutputs() throws IOException {
        List<Map<String, String>> rows = rows(StoredJobs.succeeded("rain", "a.wav", "b.wav", null));

        assertThat(rows).extracting(row -> row.get("output")).containsExactly("0", "1", "2");
        assertThat(rows).extracting(row -> row.get("file")).containsExactly("a.wav", "b.wav", "");
        assertThat(rows).extracting(row -> row.get("charged_usd")).containsExactly("0.0217", "", "");
    }

    @Test
    void shouldNameThePredictionOfALateOutput() throws IOException {
        StoredJob job = StoredJobs.succeeded("rain");
        StoredJob late = StoredJobs.job(
                "rain",
                job.state(),
                "{}",
                List.of(StoredJobs.output(0, "a.wav"), StoredJobs.output(1_000, "late.wav")));

        assertThat(rows(late))
                .extracting(row -> row.get("prediction_id"))
                .containsExactly("prediction2", "prediction1");
    }

    @Test
    void shouldHaveARowForAJobWithoutOutputs() throws IOException {
        assertThat(rows(StoredJobs.failed("rain", "not this,\r\n\"please\"")))
                .singleElement()
                .satisfies(row -> assertThat(row)
                        .containsEntry("status", "failed")
                        .containsEntry("output", "")
                        .containsEntry("error_class", "moderated")
                        .containsEntry("error_message", "not this,\r\n\"please\"")
                        .containsEntry("estimated_usd", "0.0217"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1"})
    void shouldKeepASpreadsheetFromCalculating(String reference) throws IOException {
        assertThat(rows(StoredJobs.failed(reference, reference)))
                .singleElement()
                .satisfies(row -> assertThat(row)
                        .containsEntry("reference", "'" + reference)
                        .containsEntry("error_message", "'" + reference));
    }
}
