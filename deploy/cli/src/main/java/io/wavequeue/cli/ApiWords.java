package io.wavequeue.cli;

import java.util.List;
import java.util.regex.Pattern;

/** The API speaks to whoever writes HTTP: its words for what this command has words of its own for. */
final class ApiWords {

    private static final List<Translation> TRANSLATIONS = List.of(
            of("\"force\": \\[\"(\\w+)\"]", "--force $1"),
            of("; errors lists them$", ":"),
            of("decide by POST /v1/jobs/\\S+/resolve", "`wavequeue resolve` decides"),
            of("POST /v1/releases", "`wavequeue release`"),
            of("replay with \"missing\"", "`wavequeue replay --batch ID --missing`"),
            of("with input_overrides", "with --set"),
            of("^input_overrides: ", "--set: "),
            of("^force: ", "--force: "),
            of("^rate_per_minute: ", "--rate: "),
            of("^filter\\.batch_id\\b", "--batch"),
            of("^filter\\.replay_id\\b", "--replay"),
            of("^filter\\.id\\b", "--job"),
            of("^filter\\.created_after\\b", "--since"),
            of("^filter\\.created_before\\b", "--until"),
            of("^filter\\.error_class\\b", "--error-class"),
            of("^filter\\.(model|fingerprint|status|reference)\\b", "--$1"));

    private record Translation(Pattern api, String own) {}

    private ApiWords() {}

    private static Translation of(String api, String own) {
        return new Translation(Pattern.compile(api), own);
    }

    /** A message as somebody at a command line can follow it; what is not known stays. */
    static String translated(String message) {
        String text = message;
        for (Translation each : TRANSLATIONS) {
            text = each.api().matcher(text).replaceAll(each.own());
        }
        return text;
    }
}
