package io.wavequeue.worker.audio;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sound.sampled.UnsupportedAudioFileException;
import org.jspecify.annotations.Nullable;

/** ffmpeg, where it is installed: measures loudness, and decodes what nothing else here does. */
final class Ffmpeg implements Decoder {
    private static final int BUFFER = 1 << 16;
    private static final int MOST_LINES = 1_000;

    private final String program;

    private Ffmpeg(String program) {
        this.program = program;
    }

    /** @param path the folders of {@code PATH} */
    static Optional<Ffmpeg> on(String path) {
        return Stream.of(path.split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, "ffmpeg"))
                .filter(Files::isExecutable)
                .findFirst()
                .map(found -> new Ffmpeg(found.toString()));
    }

    @Override
    public void decode(Path file, Findings findings)
            throws IOException, InterruptedException, UnsupportedAudioFileException {
        AudioKind kind = AudioKind.of(file).orElseThrow();
        Process process = start(
                Redirect.PIPE,
                Redirect.DISCARD,
                command(kind, file, "-v", "error", "-xerror"),
                List.of("-c:a", "pcm_f32le", "-f", "wav", "pipe:1"));
        try (InputStream samples = new BufferedInputStream(process.getInputStream(), BUFFER)) {
            new WavDecoder().decode(samples, findings);
        } finally {
            process.destroy();
        }
        if (process.waitFor() != 0) {
            findings.add(Fault.DAMAGED);
        }
    }

    /** Null when it measured nothing. */
    @Nullable
    Loudness loudness(AudioKind kind, Path file) throws IOException, InterruptedException {
        Process process = start(
                Redirect.DISCARD,
                Redirect.PIPE,
                command(kind, file, "-v", "info", "-nostats"),
                List.of("-af", "ebur128=peak=true:framelog=verbose", "-f", "null", "-"));
        try (BufferedReader reader = process.errorReader(StandardCharsets.UTF_8)) {
            List<String> last = new ArrayList<>();
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                last.add(line);
                if (last.size() > MOST_LINES) {
                    last.removeFirst();
                }
            }
            return process.waitFor() == 0 ? Loudness.of(last) : null;
        } finally {
            process.destroy();
        }
    }

    /** The demuxer is named and protocols are few: a file that is a play list would make it open addresses. */
    private List<String> command(AudioKind kind, Path file, String... options) {
        List<String> command = new ArrayList<>(List.of(program, "-hide_banner", "-nostdin"));
        command.addAll(List.of(options));
        command.addAll(List.of("-protocol_whitelist", "file,pipe", "-f", demuxer(kind), "-i", "file:" + file));
        command.addAll(List.of("-map", "0:a:0"));
        return command;
    }

    private static Process start(Redirect output, Redirect errors, List<String> input, List<String> result)
            throws IOException {
        List<String> command = new ArrayList<>(input);
        command.addAll(result);
        return new ProcessBuilder(command)
                .redirectInput(Redirect.from(new File("/dev/null")))
                .redirectOutput(output)
                .redirectError(errors)
                .start();
    }

    private static String demuxer(AudioKind kind) {
        return switch (kind) {
            case WAV, FLAC, MP3, AAC -> kind.code();
            case OGG, OPUS -> "ogg";
            case M4A -> "mov";
        };
    }
}
