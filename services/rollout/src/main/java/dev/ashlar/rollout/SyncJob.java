package dev.ashlar.rollout;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The command of the Jobs: {@code gate SET}, {@code watch SET} or {@code verify SET}, {@code SET} being store or coordinator.
 *
 * <ol>
 *   <li>Look once a second until the answer is yes or {@code ASHLAR_WAIT_S} seconds are over, so that a pod that is just
 *       coming back fails no sync. For {@code watch} the time begins anew with each pod that is done.
 *   <li>Print the reasons, and write them to the annotation {@code ashlar.dev/reasons} of the Job {@code ASHLAR_JOB}: a Job's
 *       failure says nothing by itself, and Argo CD shows the annotation.
 * </ol>
 *
 * <p>Exit codes: 0 yes, 2 wrong arguments, 3 no.
 */
public final class SyncJob {
    private static final int EXIT_USAGE = 2;
    private static final int EXIT_NO = 3;
    private static final int REASONS_CHARS_MAX = 2_000;
    private static final String BACKUP = "backup";
    private static final String RESTORE = "restore";
    private static final List<String> STEPS = List.of("gate", "watch", "verify");
    private static final List<String> SETS = List.of("store", "coordinator");

    @FunctionalInterface
    private interface Step {
        Outcome look() throws ApiFailure;
    }

    private SyncJob() {}

    /** Whether the arguments of the process ask for a Job and not for the service. */
    public static boolean isAsked(String... args) {
        return args.length > 0 && (STEPS.contains(args[0]) || args[0].equals(BACKUP) || args[0].equals(RESTORE));
    }

    /** Runs it and returns the exit code of the process. Blocks for as long as it waits. */
    public static int run(String[] args, Map<String, String> environment) {
        if (args.length == 2 && args[0].equals(BACKUP)) {
            return BackupJob.run(Path.of(args[1]), environment);
        }
        if (args.length == 2 && args[0].equals(RESTORE)) {
            return RestoreJob.run(Path.of(args[1]), environment);
        }
        if (args.length != 2 || !isAsked(args) || !SETS.contains(args[1])) {
            System.err.println("usage: gate|watch|verify store|coordinator, or backup DIRECTORY, or restore PATH");
            return EXIT_USAGE;
        }
        Outcome outcome;
        try {
            Kubernetes kubernetes = Kubernetes.inCluster(environment);
            Services services = new Services(
                    environment.getOrDefault("ASHLAR_COORDINATOR_URL", "http://coordinator:8080"),
                    environment.getOrDefault("ASHLAR_STORE_URL", "http://store:8080"),
                    environment.getOrDefault("ASHLAR_TOKEN", "").strip(),
                    environment.getOrDefault("ASHLAR_CA_FILE", ""));
            Step step =
                    switch (args[0]) {
                        case "gate" -> new GateStep(kubernetes, services, args[1])::look;
                        case "watch" -> new WatchStep(kubernetes, args[1])::look;
                        default -> new VerifyStep(kubernetes, services, args[1])::look;
                    };
            outcome = await(step, Long.parseLong(environment.getOrDefault("ASHLAR_WAIT_S", "60")));
            if (args[0].equals("watch") && !outcome.isFinal()) {
                new WatchStep(kubernetes, args[1]).markStuck(outcome.reasons());
            }
            tell(kubernetes, environment.getOrDefault("ASHLAR_JOB", ""), args[0], outcome);
        } catch (ApiFailure failure) {
            outcome = Outcome.bad(failure.getMessage());
        }
        System.out.println(args[0] + " " + args[1] + ": " + (outcome.good() ? "yes" : "no"));
        outcome.reasons().forEach(reason -> System.out.println("  " + reason));
        return outcome.good() ? 0 : EXIT_NO;
    }

    private static Outcome await(Step step, long waitS) {
        Patience patience = new Patience(TimeUnit.SECONDS.toNanos(waitS), System.nanoTime());
        while (true) {
            Outcome outcome;
            try {
                outcome = step.look();
            } catch (ApiFailure failure) {
                outcome = Outcome.bad(failure.getMessage());
            }
            if (outcome.isFinal() || patience.isOver(outcome.progress(), System.nanoTime())) {
                return outcome;
            }
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
        }
    }

    private static void tell(Kubernetes kubernetes, String job, String step, Outcome outcome) throws ApiFailure {
        if (!job.isEmpty()) {
            String text = step + (outcome.good() ? ": " : " holds: ") + String.join("; ", outcome.reasons());
            String reasons = text.substring(0, Math.min(text.length(), REASONS_CHARS_MAX));
            kubernetes.annotateJob(job, Map.of("ashlar.dev/reasons", reasons));
        }
    }
}
