BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE jobs (
	number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	id VARCHAR(36) NOT NULL, 
	status VARCHAR(16) NOT NULL, 
	stage VARCHAR(16) NOT NULL, 
	progress FLOAT NOT NULL, 
	queue_position INTEGER NOT NULL, 
	profile VARCHAR(32) NOT NULL, 
	series VARCHAR(100) NOT NULL, 
	race VARCHAR(100) NOT NULL, 
	notes VARCHAR NOT NULL, 
	event_date DATE, 
	session VARCHAR(16) NOT NULL, 
	camera VARCHAR NOT NULL, 
	input_path TEXT NOT NULL, 
	input_filename VARCHAR NOT NULL, 
	input_size_bytes INTEGER NOT NULL, 
	fingerprint VARCHAR(80) NOT NULL, 
	job_dir TEXT NOT NULL, 
	output_path TEXT, 
	output_filename VARCHAR, 
	output_size_bytes INTEGER, 
	output_sha256 VARCHAR(64), 
	error_message VARCHAR NOT NULL, 
	spec VARCHAR NOT NULL, 
	app_version VARCHAR(32) NOT NULL, 
	created_at VARCHAR(32) NOT NULL, 
	started_at VARCHAR(32), 
	finished_at VARCHAR(32), 
	updated_at VARCHAR(32) NOT NULL, 
	search VARCHAR NOT NULL, 
	UNIQUE (id)
);
INSERT INTO "jobs" VALUES(1,'1b0f2745-be12-490f-a505-3370d26ae404','COMPLETE','COMPLETE',1.0,0,'pitstop','GT3','Spa','wet
then dry','2026-05-09','race','boom','/clips/stop 0.mp4','stop 0.mp4',5000000000,'v1:abababababababababababababababababababababababababababababababab','/out/jobs/1b0f2745-be12-490f-a505-3370d26ae404','/out/jobs/1b0f2745-be12-490f-a505-3370d26ae404/output/a.mp4','a.mp4',12345678901,'cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd','','{"version":1,"profile":"pitstop","weights":null,"demo_model":false,"confidence":0.5,"iou":0.5,"image_size_px":640,"device":"auto","output_root":null,"quality":"standard"}','0.1.0','2026-11-21T09:10:30.351752+00:00','2026-11-21T09:10:30.384736+00:00','2026-11-21T09:10:30.403352+00:00','2026-11-21T09:10:30.403352+00:00','stop 0.mp4
gt3
spa
wet
then dry
boom
race
1b0f2745-be12-490f-a505-3370d26ae404');
INSERT INTO "jobs" VALUES(2,'2c0f2745-be12-490f-a505-3370d26ae404','FAILED','IMPORT',0.0,0,'pitstop','','','Öl & ''Reifen''',NULL,'','','/clips/stop 1.mp4','stop 1.mp4',5000000001,'v1:abababababababababababababababababababababababababababababababab','/out/jobs/2c0f2745-be12-490f-a505-3370d26ae404',NULL,NULL,NULL,NULL,'The disk is full.','{"version":2,"profile":"pitstop","weights":"/weights/best.pt","demo_model":false,"confidence":0.25,"iou":0.5,"image_size_px":640,"device":"auto","output_root":null,"quality":"high"}','0.1.0','2026-11-21T09:10:30.379181+00:00','2026-11-21T09:10:30.410987+00:00','2026-11-21T09:10:30.419254+00:00','2026-11-21T09:10:30.419254+00:00','stop 1.mp4


öl & ''reifen''


2c0f2745-be12-490f-a505-3370d26ae404');
INSERT INTO "jobs" VALUES(3,'3d0f2745-be12-490f-a505-3370d26ae404','QUEUED','IMPORT',0.0,3,'pitstop','Le Mans Cup','','',NULL,'','','/clips/stop 2.mp4','stop 2.mp4',5000000002,'v1:abababababababababababababababababababababababababababababababab','/out/jobs/3d0f2745-be12-490f-a505-3370d26ae404',NULL,NULL,NULL,NULL,'','{"version":1,"profile":"pitstop","weights":null,"demo_model":true,"confidence":0.5,"iou":0.5,"image_size_px":640,"device":"auto","output_root":null,"quality":"standard"}','0.1.0','2026-11-21T09:10:30.382902+00:00',NULL,NULL,'2026-11-21T09:10:30.382902+00:00','stop 2.mp4
le mans cup




3d0f2745-be12-490f-a505-3370d26ae404');
CREATE TABLE log_lines (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	job_id VARCHAR(36), 
	time VARCHAR(32) NOT NULL, 
	level VARCHAR(16) NOT NULL, 
	stage VARCHAR(16), 
	text VARCHAR NOT NULL, 
	FOREIGN KEY(job_id) REFERENCES jobs (id) ON DELETE CASCADE
);
INSERT INTO "log_lines" VALUES(1,'1b0f2745-be12-490f-a505-3370d26ae404','2026-05-09T12:30:15.123456+00:00','INFO','IMPORT','The clip is whole.');
INSERT INTO "log_lines" VALUES(2,'1b0f2745-be12-490f-a505-3370d26ae404','2026-05-09T12:30:15.123456+00:00','WARNING',NULL,'Slow: it''s a CPU.');
INSERT INTO "log_lines" VALUES(3,'2c0f2745-be12-490f-a505-3370d26ae404','2026-05-09T12:30:15.123456+00:00','ERROR',NULL,'No space left.');
INSERT INTO "log_lines" VALUES(4,NULL,'2026-05-09T12:30:15.123456+00:00','INFO',NULL,'The program''s own line.');
CREATE INDEX ix_jobs_created ON jobs (created_at);
CREATE INDEX ix_jobs_status ON jobs (status, created_at);
CREATE INDEX ix_jobs_series ON jobs (series, created_at);
CREATE INDEX ix_jobs_race ON jobs (race, created_at);
CREATE INDEX ix_jobs_queue ON jobs (queue_position) WHERE status IN ('QUEUED', 'PROCESSING');
CREATE INDEX ix_log_lines_job ON log_lines (job_id, id);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('jobs',3);
INSERT INTO "sqlite_sequence" VALUES('log_lines',4);
COMMIT;
