package io.wavequeue.cli.demo;

import io.wavequeue.cli.client.Job;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Opens every file that the API says it made: is it there, as long, the same bytes, and of the asked format? */
final class FileCheck {

    private final OutputFiles files;

    FileCheck(OutputFiles files) {
        this.files = files;
    }

    Finding check(List<Outcome> outcomes) {
        List<String> faults = new ArrayList<>();
        int checked = 0;
        for (Outcome outcome : outcomes) {
            if (!outcome.job().succeeded()) {
                continue;
            }
            List<Job.Output> outputs = outcome.job().outputs();
            if (outputs.isEmpty()) {
                faults.add(outcome.cue().reference() + ": succeeded without an output");
            }
            for (Job.Output output : outputs) {
                checked++;
                faultsOf(outcome.cue(), output)
                        .forEach(f -> faults.add(outcome.cue().reference() + ": " + f));
            }
        }
        String what = "size, SHA-256 and format of " + checked + " file" + (checked == 1 ? "" : "s");
        return faults.isEmpty() ? new Finding.Good(what + " are right") : new Finding.Bad(what, faults);
    }

    private List<String> faultsOf(Cue cue, Job.Output output) {
        String file = output.file();
        if (file == null) {
            return List.of("the API names no file");
        }
        Path path = files.locate(file);
        try {
            return compare(cue, output, Seen.read(path));
        } catch (NoSuchFileException e) {
            return List.of(files.shown(file) + " is not there; does --out name the stack's data folder?");
        } catch (IOException e) {
            return List.of(files.shown(file) + " cannot be read (" + e + ")");
        }
    }

    private static List<String> compare(Cue cue, Job.Output output, Seen seen) {
        List<String> faults = new ArrayList<>();
        Long bytes = output.bytes();
        if (bytes == null || bytes != seen.size()) {
            faults.add("the file has " + seen.size() + " bytes, the API says " + bytes);
        }
        String sha256 = output.sha256();
        if (sha256 == null || !sha256.toLowerCase(Locale.ROOT).equals(seen.sha256())) {
            faults.add("the file's SHA-256 is " + seen.sha256() + ", the API says " + sha256);
        }
        String found = seen.format().map(AudioFormat::text).orElse("no known audio format");
        Optional<AudioFormat> asked = cue.format();
        if (seen.format().filter(f -> asked.isEmpty() || asked.get().accepts(f)).isEmpty()) {
            faults.add("asked for " + asked.map(AudioFormat::text).orElse("audio") + ", the file is " + found);
        }
        return faults;
    }

    private record Seen(long size, String sha256, Optional<AudioFormat> format) {

        static Seen read(Path path) throws IOException {
            MessageDigest digest = digest();
            try (InputStream in = new DigestInputStream(Files.newInputStream(path), digest)) {
                byte[] head = in.readNBytes(AudioFormat.HEAD);
                long size = head.length + in.transferTo(OutputStream.nullOutputStream());
                return new Seen(size, HexFormat.of().formatHex(digest.digest()), AudioFormat.of(head));
            }
        }

        private static MessageDigest digest() {
            try {
                return MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java has SHA-256", e);
            }
        }
    }
}
