import subprocess,sys,os
def test_rate(fresh_database):
    for n in (["mailbox"],["smtp"]):
        r=subprocess.run([sys.executable,"/tmp/h3/rate.py",*n],env={**os.environ,"DATABASE_URL":fresh_database},capture_output=True,text=True); print(r.stdout[-3000:],r.stderr[-1500:])
