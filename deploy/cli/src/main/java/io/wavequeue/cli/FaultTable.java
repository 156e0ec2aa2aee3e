package io.wavequeue.cli;

import io.wavequeue.cli.file.AtomicFile;
import io.wavequeue.cli.manifest.Fault;
import io.wavequeue.cli.manifest.FaultsException;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** Faults as CSV, for {@code --errors}. */
final class FaultTable {

    private FaultTable() {}

    static void write(Path file, FaultsException faults) {
        try {
            AtomicFile.write(file, out -> {
                CSVPrinter table =
                        new CSVPrinter(new OutputStreamWriter(out, StandardCharsets.UTF_8), CSVFormat.RFC4180);
                table.printRecord("line", "field", "message");
                for (Fault fault : faults.faults()) {
                    table.printRecord(fault.line() == 0 ? "" : fault.line(), fault.field(), fault.message());
                }
                table.flush();
            });
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
