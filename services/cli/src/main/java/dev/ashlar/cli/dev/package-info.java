/**
 * A whole cluster as processes of this machine: {@code ashlar dev}.
 *
 * <p>Pure and tested by tables: {@link dev.ashlar.cli.dev.PortPlan} (which port for whom),
 * {@link dev.ashlar.cli.dev.ProcessPlan} (command and environment of each process), {@link dev.ashlar.cli.dev.DevLayout}
 * (whether data of an earlier run fits), {@link dev.ashlar.cli.dev.RestartPolicy} (when to start what died).
 * {@link dev.ashlar.cli.dev.Supervisor} does what they say.
 *
 * <p>Everything binds to 127.0.0.1. It is for trying and developing, never for data that matters to anyone: all replicas
 * are on one disk.
 */
package dev.ashlar.cli.dev;
