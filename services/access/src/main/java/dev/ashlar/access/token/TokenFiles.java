package dev.ashlar.access.token;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.ashlar.common.Limits;

/**
 * The tokens of two mounted files, read again when they change.
 *
 * <ol>
 *   <li>Every two seconds both files are read; only other bytes than before are parsed.
 *   <li>Files that cannot be used leave the tokens as they were: a slip in a Secret must not lock everybody out. The log
 *       says so once for each change.
 * </ol>
 *
 * <p>{@link #tokens} and {@link #peerToken} from any thread.
 */
public final class TokenFiles implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TokenFiles.class);
    private static final long LOOK_MS = 2_000;

    private record Current(TokenTable table, String peerToken, byte[] clientsFile, byte[] peersFile) {}

    private final Path clients;
    private final Optional<Path> peers;
    private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("token-files").factory());
    private volatile Current current;
    private byte[] badClients = {};
    private byte[] badPeers = {};

    private TokenFiles(Path clients, Optional<Path> peers, Current first) {
        this.clients = clients;
        this.peers = peers;
        this.current = first;
    }

    /**
     * Reads both and begins to look for changes.
     *
     * @param peers what the processes of the cluster show to each other; without it nothing internal can be called
     * @throws BadTokenFileException naming the file and what is wrong with it
     */
    public static TokenFiles open(Path clients, Optional<Path> peers) throws BadTokenFileException {
        byte[] peersFile = peers.isPresent() ? bytes(peers.get()) : new byte[0];
        TokenFiles files = new TokenFiles(clients, peers, parse(clients, bytes(clients), peers, peersFile));
        var unused = files.loop.scheduleWithFixedDelay(files::look, LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
        return files;
    }

    /** The tokens that are valid now. */
    public TokenTable tokens() {
        return current.table();
    }

    /** What this process shows to the others; empty when there is none. */
    public String peerToken() {
        return current.peerToken();
    }

    @Override
    public void close() {
        loop.shutdownNow();
    }

    private void look() {
        try {
            lookOnce();
        } catch (RuntimeException bug) {
            LOG.error("the files of tokens could not be looked at", bug);
        }
    }

    /** Reads again what has changed. */
    synchronized void lookOnce() {
        byte[] clientsFile = {};
        byte[] peersFile = {};
        try {
            clientsFile = bytes(clients);
            peersFile = peers.isPresent() ? bytes(peers.get()) : new byte[0];
            if (Arrays.equals(clientsFile, current.clientsFile()) && Arrays.equals(peersFile, current.peersFile())) {
                return;
            }
            current = parse(clients, clientsFile, peers, peersFile);
            LOG.info("the tokens have been read again");
        } catch (BadTokenFileException bad) {
            if (!Arrays.equals(clientsFile, badClients) || !Arrays.equals(peersFile, badPeers)) {
                LOG.error("the tokens stay as they were: {}", bad.getMessage());
            }
            badClients = clientsFile;
            badPeers = peersFile;
        }
    }

    private static Current parse(Path clients, byte[] clientsFile, Optional<Path> peers, byte[] peersFile)
            throws BadTokenFileException {
        List<Map.Entry<byte[], Token>> all = new ArrayList<>();
        String peerToken = "";
        try {
            all.addAll(TokenParser.clients(clientsFile));
        } catch (BadTokenFileException bad) {
            throw new BadTokenFileException(clients + ": " + bad.getMessage());
        }
        if (peers.isPresent()) {
            try {
                List<String> texts = TokenParser.peers(peersFile);
                peerToken = texts.getFirst();
                Token peer = new Token("peer", List.of(new Grant("", Role.PEER)));
                texts.forEach(text -> all.add(Map.entry(TokenTable.sha256(text), peer)));
            } catch (BadTokenFileException bad) {
                throw new BadTokenFileException(peers.get() + ": " + bad.getMessage());
            }
        }
        return new Current(TokenTable.of(all), peerToken, clientsFile, peersFile);
    }

    private static byte[] bytes(Path file) throws BadTokenFileException {
        try {
            if (Files.size(file) > Limits.TOKEN_FILE_BYTES_MAX) {
                throw new BadTokenFileException(file + " has more than " + Limits.TOKEN_FILE_BYTES_MAX + " bytes");
            }
            return Files.readAllBytes(file);
        } catch (IOException unreadable) {
            throw new BadTokenFileException(
                    file + " cannot be read: " + unreadable.getClass().getSimpleName());
        }
    }
}
