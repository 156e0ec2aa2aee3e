package io.wavequeue.api.batch;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The forms in which a batch's results are given. The name in lower case is the parameter's value. */
enum ResultForm {
    /** A job of the REST contract on each line. */
    JSONL("application/x-ndjson", ".jsonl"),
    /** A row per output. */
    CSV("text/csv; charset=utf-8", ".csv"),
    /** What Wwise imports: a row per archived output. */
    WWISE("text/tab-separated-values; charset=utf-8", ".tsv");

    private final String contentType;
    private final String extension;

    ResultForm(String contentType, String extension) {
        this.contentType = contentType;
        this.extension = extension;
    }

    static Optional<ResultForm> of(String code) {
        return Arrays.stream(values()).filter(form -> form.code().equals(code)).findFirst();
    }

    static List<String> codes() {
        return Arrays.stream(values()).map(ResultForm::code).toList();
    }

    String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    String contentType() {
        return contentType;
    }

    /** With the dot. */
    String extension() {
        return extension;
    }
}
