package io.wavequeue.api.batch;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes rows of the tab-delimited text file that Wwise imports media from ({@code deploy/docs/results.md} has the format's rules
 * and where they come from). A cue becomes a sound; one with several takes a random container of sounds.
 */
final class WwiseRows {
    static final List<String> HEADER = List.of("Audio File", "Object Path", "OriginalsSubFolder");

    private static final String SOUND = "<Sound SFX>";
    private static final String CONTAINER = "<Random Container>";
    private static final int TELLING_BYTES = 4;

    private final WwiseTarget target;
    private final String originals;
    private final Set<String> alike;

    /**
     * @param originals the folder below Wwise's own for originals into which it copies the files
     * @param alike references whose names another one would have too
     */
    WwiseRows(WwiseTarget target, String originals, Set<String> alike) {
        this.target = target;
        this.originals = WwiseTarget.name(originals);
        this.alike = Set.copyOf(alike);
    }

    void header(Writer to) throws IOException {
        write(HEADER, to);
    }

    /**
     * A file of a cue.
     *
     * @param name of the cue's object
     * @param place of the file among the cue's, from 1
     * @param of how many the cue has
     */
    void write(String file, String name, int place, int of, Writer to) throws IOException {
        String object = of == 1 ? SOUND + name : CONTAINER + name + "\\" + SOUND + name + "_" + "%02d".formatted(place);
        write(List.of(target.audioFile(file), target.objectPath(object), originals), to);
    }

    /** The name of a cue's object. */
    String name(String reference) {
        String name = WwiseTarget.name(reference);
        return alike.contains(reference) ? name + "_" + telling(reference) : name;
    }

    /** Tells references apart whose names are the same. */
    private static String telling(String reference) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(reference.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, TELLING_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void write(List<String> cells, Writer to) throws IOException {
        to.write(cells.stream().map(WwiseRows::oneLine).collect(Collectors.joining("\t", "", "\r\n")));
    }

    /** The format knows no quotes: a cell ends at a tab. */
    private static String oneLine(String cell) {
        return cell.replaceAll("[\\t\\r\\n]", " ");
    }
}
