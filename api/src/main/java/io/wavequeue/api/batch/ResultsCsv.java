package io.wavequeue.api.batch;

import io.wavequeue.api.status.JobView;
import io.wavequeue.api.status.JobView.AttemptView;
import io.wavequeue.api.status.JobView.ErrorView;
import io.wavequeue.api.status.JobView.OutputView;
import io.wavequeue.store.view.StoredJob;
import java.io.IOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;

/**
 * A row per output, and one for a job without any: RFC 4180, the columns always the same. What is unknown is an empty cell.
 *
 * <p>Money stands in the first row of its job alone, so that a column can be summed.
 */
final class ResultsCsv implements ResultFile {
    private static final CSVFormat FORMAT = CSVFormat.RFC4180;

    /** What a spreadsheet would take for a formula, or would drop to find one behind it. */
    private static final String BEGINS_FORMULA = "=+-@\t\r\n";

    /** The number of a late output is its attempt's so many times, and its place there. */
    private static final int LATE = 1_000;

    private static final List<Column> COLUMNS = List.of(
            new Column("job_id", row -> row.job().id().toString()),
            new Column("reference", row -> row.job().reference()),
            new Column("model", row -> row.job().model()),
            new Column("lane", row -> row.job().lane()),
            new Column("status", row -> row.job().status()),
            new Column("output", row -> row.output() == null ? null : Integer.toString(row.number())),
            new Column("file", output(OutputView::file)),
            new Column("content_type", output(OutputView::contentType)),
            new Column("bytes", output(OutputView::bytes)),
            new Column("sha256", output(OutputView::sha256)),
            new Column("archived_at", output(OutputView::archivedAt)),
            new Column("prediction_id", Row::predictionId),
            new Column("estimated_usd", row -> row.usd(row.job().cost().estimatedUsd())),
            new Column("charged_usd", row -> row.usd(row.job().cost().chargedUsd())),
            new Column("refunded_usd", row -> row.usd(row.job().cost().refundedUsd())),
            new Column("submitted_at", row -> text(row.job().timings().submittedAt())),
            new Column("completed_at", row -> text(row.job().timings().completedAt())),
            new Column("error_class", error(ErrorView::errorClass)),
            new Column("error_message", error(ErrorView::message)),
            new Column("labels", row -> row.job().labels()),
            new Column("input", row -> row.job().input()));

    private record Column(String name, Function<Row, @Nullable String> cell) {}

    /**
     * @param number place of the output in the job's, from 0
     * @param output null = the job has none
     * @param attempt whose output it is, or else the job's last; null = there was none
     */
    private record Row(
            JobView job,
            int number,
            @Nullable OutputView output,
            @Nullable AttemptView attempt) {
        @Nullable
        String predictionId() {
            return attempt == null ? null : attempt.predictionId();
        }

        @Nullable
        String usd(@Nullable BigDecimal usd) {
            return usd == null || number > 0 ? null : usd.toPlainString();
        }
    }

    @Override
    public void begin(Writer to) throws IOException {
        new CSVPrinter(to, FORMAT).printRecord(COLUMNS.stream().map(Column::name));
    }

    @Override
    public void add(List<StoredJob> jobs, Writer to) throws IOException {
        CSVPrinter printer = new CSVPrinter(to, FORMAT);
        for (StoredJob job : jobs) {
            for (Row row : rows(job)) {
                printer.printRecord(
                        COLUMNS.stream().map(column -> safe(column.cell().apply(row))));
            }
        }
    }

    private static List<Row> rows(StoredJob job) {
        JobView view = JobView.of(job);
        if (view.outputs().isEmpty()) {
            return List.of(new Row(view, 0, null, last(view.attempts())));
        }
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < view.outputs().size(); i++) {
            int attempt = job.outputs().get(i).number() / LATE;
            AttemptView made = view.attempts().stream()
                    .filter(one -> one.number() == attempt)
                    .findFirst()
                    .orElse(last(view.attempts()));
            rows.add(new Row(view, i, view.outputs().get(i), made));
        }
        return rows;
    }

    private static @Nullable AttemptView last(List<AttemptView> attempts) {
        return attempts.isEmpty() ? null : attempts.getLast();
    }

    private static Function<Row, @Nullable String> output(Function<OutputView, @Nullable Object> value) {
        return row -> row.output() == null ? null : text(value.apply(row.output()));
    }

    private static Function<Row, @Nullable String> error(Function<ErrorView, String> value) {
        return row -> row.job().error() == null ? null : value.apply(row.job().error());
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    private static @Nullable String safe(@Nullable String cell) {
        return cell == null || cell.isEmpty() || BEGINS_FORMULA.indexOf(cell.charAt(0)) < 0 ? cell : "'" + cell;
    }
}
