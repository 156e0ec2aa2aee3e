package io.wavequeue.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A folder, which all processes see. Files are renamed to their names; a copy is a hard link where the file system has them. */
final class FolderStorage implements OutputStorage {
    private final Path folder;

    FolderStorage(Path folder) {
        this.folder = folder.toAbsolutePath();
    }

    @Override
    public Path part(String below) throws StorageException {
        try {
            return place(below.isEmpty() ? "part" : below + "/part").resolveSibling("." + UUID.randomUUID() + ".part");
        } catch (IOException failure) {
            throw failed("nothing can be written to " + below, failure);
        }
    }

    @Override
    public void put(Path part, String key, Content content) throws StorageException {
        try {
            Path target = place(key);
            Hashes.check(part, key, content);
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            throw failed(key + " cannot be written", failure);
        }
    }

    @Override
    public boolean holds(String key, Content content) throws StorageException {
        try {
            Path file = found(key);
            return file != null && Hashes.is(file, content);
        } catch (IOException failure) {
            throw failed(key + " cannot be read", failure);
        }
    }

    @Override
    public OptionalLong size(String key) throws StorageException {
        try {
            Path file = found(key);
            return file == null ? OptionalLong.empty() : OptionalLong.of(Files.size(file));
        } catch (IOException failure) {
            throw failed(key + " cannot be read", failure);
        }
    }

    @Override
    public InputStream open(String key) throws StorageException {
        try {
            Path file = found(key);
            if (file != null) {
                return Files.newInputStream(file);
            }
        } catch (IOException failure) {
            throw failed(key + " cannot be read", failure);
        }
        throw new StorageException(key + " is not there");
    }

    @Override
    public Optional<LocalFile> local(String key) throws StorageException {
        try {
            return Optional.ofNullable(found(key)).map(file -> new LocalFile(file, false));
        } catch (IOException failure) {
            throw failed(key + " cannot be read", failure);
        }
    }

    @Override
    public boolean copy(String from, String to, Content content) throws StorageException {
        try {
            Path source = found(from);
            if (source == null || Files.size(source) != content.bytes()) {
                return false;
            }
            Path target = place(to);
            if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS) || !isSame(source, target, content)) {
                return link(source, target, content);
            }
            return true;
        } catch (IOException failure) {
            throw failed(to + " cannot be written", failure);
        }
    }

    private static boolean isSame(Path source, Path target, Content content) throws IOException {
        return !Files.isSymbolicLink(target) && (Files.isSameFile(source, target) || Hashes.is(target, content));
    }

    /** The part's name is the target's own: what a process that was killed here left is replaced by the next. */
    private static boolean link(Path source, Path target, Content content) throws IOException {
        Path part = target.resolveSibling(
                "." + Hashes.sha256(String.valueOf(target.getFileName())).substring(0, 32) + ".part");
        Files.deleteIfExists(part);
        try {
            try {
                Files.createLink(part, source);
            } catch (UnsupportedOperationException | FileSystemException notHere) {
                // Another file system, one without links, or one that has as many of this file as it can.
                Files.copy(source, part);
                if (!Hashes.is(part, content)) {
                    return false;
                }
                force(part);
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return true;
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    @Override
    public void delete(String key) throws StorageException {
        try {
            Path parent = folder(key, false);
            if (parent == null) {
                return;
            }
            Path file = parent.resolve(name(key));
            if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new StorageException(key + " is a folder");
            }
            Files.deleteIfExists(file);
            removeWhileEmpty(parent);
        } catch (IOException failure) {
            throw failed(key + " cannot be removed", failure);
        }
    }

    /** Whoever is about to write into one of them makes it again, or tries again. */
    private void removeWhileEmpty(Path parent) throws IOException {
        Path root = folder.toRealPath();
        try {
            for (Path empty = parent; empty != null && !empty.equals(root); empty = empty.getParent()) {
                Files.deleteIfExists(empty);
            }
        } catch (DirectoryNotEmptyException used) {
            // by others
        }
    }

    @Override
    public void check() {
        // A folder is made when there is something to put into it.
    }

    @Override
    public boolean isRemote() {
        return false;
    }

    /** A regular file below the folder, links followed; null = there is none. */
    private @Nullable Path found(String key) throws IOException {
        if (!Keys.isSafe(key) || !Files.isDirectory(folder)) {
            return null;
        }
        try {
            Path root = folder.toRealPath();
            Path file = root.resolve(key).toRealPath();
            return file.startsWith(root) && Files.isRegularFile(file) ? file : null;
        } catch (NoSuchFileException | NotDirectoryException | InvalidPathException none) {
            return null;
        }
    }

    /** Where the key's file is to be; its folder is there. */
    private Path place(String key) throws IOException {
        Path parent = folder(key, true);
        if (parent == null) {
            throw new StorageException("the folder of " + key + " vanished");
        }
        return parent.resolve(name(key));
    }

    /** The folder of the key's file; null = it is not there, and is not to be made. */
    private @Nullable Path folder(String key, boolean make) throws IOException {
        Path parent = parent(Keys.checked(key));
        if (make) {
            Files.createDirectories(folder);
        } else if (!Files.isDirectory(parent)) {
            return null;
        }
        Path root = folder.toRealPath();
        if (!there(parent).toRealPath().startsWith(root)) {
            throw new StorageException("the folder of " + key + " leads out of the outputs");
        }
        return Files.createDirectories(parent).toRealPath();
    }

    /** As much of a path below the folder as there is. */
    private Path there(Path path) {
        Path there = folder;
        for (Path segment : folder.relativize(path)) {
            Path next = there.resolve(segment);
            if (!Files.exists(next)) {
                break;
            }
            there = next;
        }
        return there;
    }

    private Path parent(String key) throws StorageException {
        int name = key.lastIndexOf('/');
        try {
            return name < 0 ? folder : folder.resolve(key.substring(0, name));
        } catch (InvalidPathException foreign) {
            throw new StorageException(key + " has characters that this machine's locale cannot name", foreign);
        }
    }

    private static String name(String key) {
        return key.substring(key.lastIndexOf('/') + 1);
    }

    private static StorageException failed(String what, IOException failure) {
        return failure instanceof StorageException told
                ? told
                : new StorageException(
                        what + ": " + failure.getClass().getSimpleName() + ", " + failure.getMessage(), failure);
    }
}
